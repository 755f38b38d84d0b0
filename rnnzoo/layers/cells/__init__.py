"""The recurrent layers, one file for each cell.

A new cell is a file here and a line in `RECURRENT_LAYERS`. Every recipe then accepts it
by that name.
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

__all__ = ["GRU", "LSTM", "RECURRENT_LAYERS", "GRUCell", "JordanRNN", "JordanRNNCell"]
__all__ += ["LSTMCell", "LayerNormLSTM", "LayerNormLSTMCell", "PeepholeLSTM"]
__all__ += ["PeepholeLSTMCell", "SimpleRNN", "SimpleRNNCell"]
