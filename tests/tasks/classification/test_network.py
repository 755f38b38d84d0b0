"""The network of the text classifier."""

import numpy as np
import pytest

from rnnzoo.layers import RECURRENT_LAYERS
from rnnzoo.tasks.classification.config import TextClassifierConfig
from rnnzoo.tasks.classification.network import text_network

SIZES = {"units": 3, "embedding_dim": 4, "recurrent_length": 9}
IDS = np.array([[5, 2, 2, 9], [7, 0, 0, 0]])


def network(dtype="float32", **settings):
    config = TextClassifierConfig(**{**SIZES, **settings})
    return text_network(config, vocabulary_size=10, classes=2, dtype=dtype)


@pytest.mark.parametrize("cell", RECURRENT_LAYERS)
def test_logits_do_not_depend_on_padding(cell):
    model = network(cell=cell)
    logits = model(IDS)
    assert logits.shape == (2, 2)
    np.testing.assert_allclose(model(np.pad(IDS, [[0, 0], [0, 5]])), logits, atol=1e-6)
    np.testing.assert_allclose(model(IDS[1:, :1]), logits[1:], atol=1e-6)


def test_number_of_parameters_is_that_of_the_formulae():
    """LSTM 4h(d + h + 1), both directions, twice; embedding and linear layer."""
    model = network(cell="lstm", num_layers=2, bidirectional=True)
    recurrent = 2 * 4 * 3 * (4 + 3 + 1) + 2 * 4 * 3 * (6 + 3 + 1)
    trainable = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    assert trainable == 10 * 4 + recurrent + (12 + 1) * 2


@pytest.mark.parametrize("settings", [{"recurrent_length": 2}, {"max_length": 2}])
def test_recurrent_layers_read_the_last_tokens(settings):
    model = network(cell="gru", **settings)
    np.testing.assert_allclose(model(IDS[:1]), model(IDS[:1, 2:]), atol=1e-6)


def test_logits_in_half_precision_are_float32():
    assert network("mixed_bfloat16").output.dtype == "float32"
