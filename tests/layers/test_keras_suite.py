"""The test suites that Keras ships for its recurrent layers, run on ours.

Each is written against `layers.LSTM` and the like; here `layers` has our classes in
place of those of Keras.
"""

import sys
import types

import keras
import pytest
from keras.src.layers.rnn import (
    bidirectional_test,
    gru_test,
    lstm_test,
    rnn_test,
    simple_rnn_test,
    stacked_rnn_cells_test,
)

from rnnzoo import layers

OURS = ("GRU", "GRUCell", "LSTM", "LSTMCell", "SimpleRNN", "SimpleRNNCell")
SWAPPED = types.SimpleNamespace(
    **{**vars(keras.layers), **{name: getattr(layers, name) for name in OURS}}
)
# Keras shuffles what cannot be shuffled, and says so.
pytestmark = pytest.mark.filterwarnings("ignore:.*shuffle=True:UserWarning")


@pytest.fixture(autouse=True)
def _swap(request, monkeypatch):
    suite = sys.modules[request.cls.__module__]
    monkeypatch.setattr(suite, "layers", SWAPPED)


TestBidirectional = bidirectional_test.SimpleRNNTest
TestGRU = gru_test.GRUTest
TestLSTM = lstm_test.LSTMTest
TestRNN = rnn_test.RNNTest
TestSimpleRNN = simple_rnn_test.SimpleRNNTest
TestStackedRNNCells = stacked_rnn_cells_test.StackedRNNTest
