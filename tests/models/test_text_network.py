"""The networks from ids to logits."""

import numpy as np
import pytest

from rnnzoo.models.text_network import COUNT_SCALE, text_network

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
    for word_counts, counts in [(False, 0), (True, (10 + 1) * 2)]:
        network = text_network(
            10, 2, cell="lstm", **{**settings, "word_counts": word_counts}
        )
        trainable = sum(int(np.prod(w.shape)) for w in network.trainable_weights)
        assert trainable == 10 * 4 + recurrent + (12 + 1) * 2 + counts


def test_word_counts_answer_too():
    """Against NumPy: the geometric mean of both classifiers' probabilities."""
    network = text_network(10, 2, cell="gru", **{**SETTINGS, "word_counts": True})
    *_, kernel, bias, counts, count_bias = network.trainable_weights
    assert (kernel.shape, counts.shape) == ((6, 2), (10, 2))
    kernel.assign(np.zeros((6, 2)))
    bias.assign([0, np.log(4)])
    counts.assign(np.eye(10, 2) * np.log(9) / COUNT_SCALE)
    count_bias.assign([0, 0])
    odds = np.exp(np.diff(network(np.array([[1, 0, 0], [1, 1, 5]])), axis=-1))
    np.testing.assert_allclose(odds, [[np.sqrt(4 * 9)], [np.sqrt(4 * 81)]], rtol=1e-5)


def test_recurrent_layers_read_the_end_and_the_counts_all():
    alone = text_network(10, 2, cell="gru", **{**SETTINGS, "recurrent_length": 2})
    np.testing.assert_allclose(alone(IDS[:1]), alone(IDS[:1, 2:]), atol=1e-6)
    both = text_network(
        10, 2, cell="gru", **{**SETTINGS, "recurrent_length": 2, "word_counts": True}
    )
    both.get_layer("bag_of_words").kernel.assign(np.eye(10, 2, k=-4))
    assert np.abs(both(IDS[:1]) - both(IDS[:1, 2:])).max() > 1e-3
