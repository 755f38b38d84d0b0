"""The recurrent layers, one file a cell.

A new cell is one file here and one line in `RECURRENT_LAYERS`: every recipe then takes
it by that name.
"""

from rnnzoo.layers.cells.gru import GRU, GRUCell
from rnnzoo.layers.cells.jordan_rnn import JordanRNN, JordanRNNCell
from rnnzoo.layers.cells.layer_norm_lstm import LayerNormLSTM, LayerNormLSTMCell
from rnnzoo.layers.cells.lstm import LSTM, LSTMCell
from rnnzoo.layers.cells.peephole_lstm import PeepholeLSTM, PeepholeLSTMCell
from rnnzoo.layers.cells.simple_rnn import SimpleRNN, SimpleRNNCell
from rnnzoo.layers.recurrent.layer import Recurrent

RECURRENT_LAYERS: dict[str, type[Recurrent]] = {
    "gru": GRU,
    "jordan_rnn": JordanRNN,
    "layer_norm_lstm": LayerNormLSTM,
    "lstm": LSTM,
    "peephole_lstm": PeepholeLSTM,
    "simple_rnn": SimpleRNN,
}

__all__ = [
    "GRU",
    "LSTM",
    "RECURRENT_LAYERS",
    "GRUCell",
    "JordanRNN",
    "JordanRNNCell",
    "LSTMCell",
    "LayerNormLSTM",
    "LayerNormLSTMCell",
    "PeepholeLSTM",
    "PeepholeLSTMCell",
    "SimpleRNN",
    "SimpleRNNCell",
]
