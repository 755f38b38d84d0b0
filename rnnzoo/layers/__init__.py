"""Recurrent layers and cells, and the layers around them."""

from rnnzoo.layers.attention import BahdanauAttention, LuongAttention
from rnnzoo.layers.attention_pooling import AttentionPooling
from rnnzoo.layers.bag_of_words import BagOfWords
from rnnzoo.layers.bidirectional import Bidirectional
from rnnzoo.layers.cells import RECURRENT_LAYERS
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
from rnnzoo.layers.encoder import RecurrentEncoder, check_cells, recurrent_layer
from rnnzoo.layers.last_tokens import LastTokens
from rnnzoo.layers.pooling import MeanMaxPooling
from rnnzoo.layers.recurrent.cell import RecurrentCell
from rnnzoo.layers.recurrent.layer import Recurrent
from rnnzoo.layers.smoothed_crossentropy import SmoothedCrossentropy
from rnnzoo.layers.word_dropout import WordDropout

# Recurrent layers and their cells.
__all__ = ["RECURRENT_LAYERS", "Recurrent", "RecurrentCell"]
__all__ += ["GRU", "LSTM", "JordanRNN", "LayerNormLSTM", "PeepholeLSTM", "SimpleRNN"]
__all__ += ["GRUCell", "JordanRNNCell", "LSTMCell", "LayerNormLSTMCell"]
__all__ += ["PeepholeLSTMCell", "SimpleRNNCell"]
# Encoders and decoders.
__all__ += ["Bidirectional", "ConditionalDecoder", "Decoder", "RecurrentEncoder"]
__all__ += ["BahdanauAttention", "LuongAttention", "check_cells", "recurrent_layer"]
# Layers below and above them, and losses.
__all__ += ["CharacterFeatures", "Dropout", "Embedding", "LastTokens", "WordDropout"]
__all__ += ["AttentionPooling", "BagOfWords", "MeanMaxPooling"]
__all__ += ["CRF", "CRFLoss", "SmoothedCrossentropy"]
