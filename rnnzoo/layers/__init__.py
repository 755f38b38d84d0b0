"""Recurrent cells and layers, and what stands around them.

A new cell is one file here, and one line in `RECURRENT_LAYERS`: every recipe then
takes it by name.
"""

from rnnzoo.layers.attention import BahdanauAttention, LuongAttention
from rnnzoo.layers.attention_pooling import AttentionPooling
from rnnzoo.layers.bag_of_words import BagOfWords
from rnnzoo.layers.cells.gru import GRU, GRUCell
from rnnzoo.layers.cells.jordan_rnn import JordanRNN, JordanRNNCell
from rnnzoo.layers.cells.layer_norm_lstm import LayerNormLSTM, LayerNormLSTMCell
from rnnzoo.layers.cells.lstm import LSTM, LSTMCell
from rnnzoo.layers.cells.peephole_lstm import PeepholeLSTM, PeepholeLSTMCell
from rnnzoo.layers.cells.simple_rnn import SimpleRNN, SimpleRNNCell
from rnnzoo.layers.character_features import CharacterFeatures
from rnnzoo.layers.conditional_decoder import ConditionalDecoder
from rnnzoo.layers.crf import CRF
from rnnzoo.layers.crf_loss import CRFLoss
from rnnzoo.layers.decoder import Decoder
from rnnzoo.layers.dropout import Dropout
from rnnzoo.layers.embedding import Embedding
from rnnzoo.layers.pooling import MeanMaxPooling
from rnnzoo.layers.recurrent.cell import RecurrentCell
from rnnzoo.layers.recurrent.layer import Recurrent
from rnnzoo.layers.smoothed_crossentropy import SmoothedCrossentropy
from rnnzoo.layers.word_dropout import WordDropout

RECURRENT_LAYERS: dict[str, type[Recurrent]] = {
    "gru": GRU,
    "jordan_rnn": JordanRNN,
    "layer_norm_lstm": LayerNormLSTM,
    "lstm": LSTM,
    "peephole_lstm": PeepholeLSTM,
    "simple_rnn": SimpleRNN,
}

__all__ = [
    "CRF",
    "GRU",
    "LSTM",
    "RECURRENT_LAYERS",
    "AttentionPooling",
    "BagOfWords",
    "BahdanauAttention",
    "CRFLoss",
    "CharacterFeatures",
    "ConditionalDecoder",
    "Decoder",
    "Dropout",
    "Embedding",
    "GRUCell",
    "JordanRNN",
    "JordanRNNCell",
    "LSTMCell",
    "LayerNormLSTM",
    "LayerNormLSTMCell",
    "LuongAttention",
    "MeanMaxPooling",
    "PeepholeLSTM",
    "PeepholeLSTMCell",
    "Recurrent",
    "RecurrentCell",
    "SimpleRNN",
    "SimpleRNNCell",
    "SmoothedCrossentropy",
    "WordDropout",
]
