"""The networks from ids to logits."""

import numpy as np
import pytest

from rnnzoo.models.text_network import text_network

SETTINGS = {
    "units": 3,
    "num_layers": 1,
    "bidirectional": False,
    "embedding_dim": 4,
    "word_dropout": 0.5,
    "embedding_dropout": 0.5,
    "dropout": 0.5,
    "wide": False,
    "dtype": "float32",
}
IDS = np.array([[5, 2, 2, 9], [7, 0, 0, 0]])


@pytest.mark.parametrize("cell", ["bag_of_words", "gru", "lstm", "simple_rnn"])
def test_padding_changes_nothing(cell):
    network = text_network(10, 2, cell=cell, **SETTINGS)
    padded = np.pad(IDS, [[0, 0], [0, 5]])
    logits = network(IDS)
    assert logits.shape == (2, 2)
    np.testing.assert_allclose(network(padded), logits, atol=1e-6)
    np.testing.assert_allclose(network(IDS[1:, :1]), logits[1:], atol=1e-6)


def test_parameters_are_those_of_the_formulae():
    """LSTM 4h(d + h + 1), both directions, twice; embedding and linear layer."""
    settings = {**SETTINGS, "num_layers": 2, "bidirectional": True}
    recurrent = 2 * 4 * 3 * (4 + 3 + 1) + 2 * 4 * 3 * (6 + 3 + 1)
    for wide, counts in [(False, 0), (True, (10 + 1) * 2)]:
        network = text_network(10, 2, cell="lstm", **{**settings, "wide": wide})
        trainable = sum(int(np.prod(w.shape)) for w in network.trainable_weights)
        assert trainable == 10 * 4 + recurrent + (12 + 1) * 2 + counts


def test_word_counts_are_added():
    """With the deep part's last layer at zero, twice the word is twice its logits."""
    network = text_network(10, 2, cell="gru", **{**SETTINGS, "wide": True})
    *_, kernel, bias, counts, count_bias = network.trainable_weights
    assert (kernel.shape, counts.shape) == ((6, 2), (10, 2))
    for zero in (kernel, bias, count_bias):
        zero.assign(np.zeros(zero.shape))
    counts.assign(np.arange(20.0).reshape(10, 2))
    once, twice = network(np.array([[3, 0], [3, 3]]))
    np.testing.assert_allclose(twice, 2 * once, rtol=1e-6)
    np.testing.assert_allclose(once[1] / once[0], 7 / 6, rtol=1e-6)
