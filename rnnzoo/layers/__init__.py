"""Recurrent layers and cells, and the layers around them."""

from rnnzoo.layers.attention import BahdanauAttention, LuongAttention
from rnnzoo.layers.attention_pooling import AttentionPooling
from rnnzoo.layers.bag_of_words import BagOfWords
from rnnzoo.layers.bidirectional import Bidirectional
from rnnzoo.layers.cells import (
    GRU,
    LSTM,
    RECURRENT_LAYERS,
    GRUCell,
    JordanRNN,
    JordanRNNCell,
    LayerNormLSTM,
    LayerNormLSTMCell,
    LSTMCell,
    PeepholeLSTM,
    PeepholeLSTMCell,
    SimpleRNN,
    SimpleRNNCell,
)
from rnnzoo.layers.character_features import CharacterFeatures
from rnnzoo.layers.conditional_decoder import ConditionalDecoder
from rnnzoo.layers.crf import CRF
from rnnzoo.layers.crf_loss import CRFLoss
from rnnzoo.layers.decoder import Decoder
from rnnzoo.layers.dropout import Dropout
from rnnzoo.layers.embedding import Embedding
from rnnzoo.layers.encoder import RecurrentEncoder, check_cells, recurrent_layer
from rnnzoo.layers.last_tokens import LastTokens
from rnnzoo.layers.pooling import MeanMaxPooling
from rnnzoo.layers.recurrent.cell import RecurrentCell
from rnnzoo.layers.recurrent.layer import Recurrent
from rnnzoo.layers.smoothed_crossentropy import SmoothedCrossentropy
from rnnzoo.layers.word_dropout import WordDropout

__all__ = [
    "CRF",
    "GRU",
    "LSTM",
    "RECURRENT_LAYERS",
    "AttentionPooling",
    "BagOfWords",
    "BahdanauAttention",
    "Bidirectional",
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
    "LastTokens",
    "LayerNormLSTM",
    "LayerNormLSTMCell",
    "LuongAttention",
    "MeanMaxPooling",
    "PeepholeLSTM",
    "PeepholeLSTMCell",
    "Recurrent",
    "RecurrentCell",
    "RecurrentEncoder",
    "SimpleRNN",
    "SimpleRNNCell",
    "SmoothedCrossentropy",
    "WordDropout",
    "check_cells",
    "recurrent_layer",
]
