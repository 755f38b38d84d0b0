"""The networks from ids to logits."""

import numpy as np
import pytest

from rnnzoo.layers import RECURRENT_LAYERS
from rnnzoo.tasks.classification.network import text_network

SETTINGS = {
    "units": 3,
    "num_layers": 1,
    "bidirectional": False,
    "embedding_dim": 4,
    "word_dropout": 0.5,
    "embedding_dropout": 0.5,
    "dropout": 0.5,
    "word_counts": False,
    "recurrent_length": 9,
    "dtype": "float32",
}
IDS = np.array([[5, 2, 2, 9], [7, 0, 0, 0]])


@pytest.mark.parametrize("cell", ["bag_of_words", *RECURRENT_LAYERS])
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
    for word_counts, counts in [(False, 0), (True, (10 + 1) * 2)]:
        network = text_network(
            10, 2, cell="lstm", **{**settings, "word_counts": word_counts}
        )
        trainable = sum(int(np.prod(w.shape)) for w in network.trainable_weights)
        assert trainable == 10 * 4 + recurrent + (12 + 1) * 2 + counts


def test_recurrent_layers_read_the_end_and_the_counts_all():
    settings = {**SETTINGS, "recurrent_length": 2, "word_counts": True}
    network = text_network(10, 2, cell="gru", **settings)
    network.get_layer("bag_of_words").kernel.assign(np.eye(10, 2, k=-4))
    (recurrent, counts), (of_the_end, few) = network(IDS[:1]), network(IDS[:1, 2:])
    np.testing.assert_allclose(recurrent, of_the_end, atol=1e-6)
    assert np.abs(counts - few).max() > 0.1
