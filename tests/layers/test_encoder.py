"""The stack of recurrent layers, against layers called one by one."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.layers import FEATURES, MASK, UNITS, sequences

from rnnzoo.layers import GRU, RECURRENT_LAYERS, RecurrentEncoder, recurrent_layer

X = tf.cast(sequences(), tf.float32)


@pytest.mark.parametrize("cell", [*RECURRENT_LAYERS, GRU])
def test_an_encoder_takes_every_cell_by_name_or_class(cell):
    encoder = RecurrentEncoder(cell, UNITS)
    assert encoder(X).shape == (*X.shape[:2], encoder.output_size)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("residual", [False, True])
def test_an_encoder_is_its_layers_one_after_the_other(bidirectional, residual):
    encoder = RecurrentEncoder(
        "gru", UNITS, num_layers=3, bidirectional=bidirectional, residual=residual
    )
    outputs, mask = encoder(X, mask=MASK), tf.constant(MASK)
    expected = X
    for number, layer in enumerate(encoder.layers):
        below = expected
        expected = layer(below, mask=mask)[0]
        if residual and number:
            expected += below
    np.testing.assert_allclose(outputs, expected, atol=1e-6)
    assert outputs.shape[-1] == encoder.output_size == UNITS * (1 + bidirectional)


def test_states_are_those_of_every_layer_forward_before_backward():
    encoder = RecurrentEncoder(
        "lstm", UNITS, num_layers=2, bidirectional=True, return_state=True
    )
    outputs, states = encoder(X)
    assert [len(of_layer) for of_layer in states] == [4, 4]
    forward, _, backward, _ = states[-1]
    np.testing.assert_allclose(forward, outputs[:, -1, :UNITS], atol=1e-6)
    np.testing.assert_allclose(backward, outputs[:, 0, UNITS:], atol=1e-6)


def test_dropout_is_between_the_layers_in_training_only():
    for layers, differs in ((1, False), (2, True)):
        encoder = RecurrentEncoder("gru", UNITS, num_layers=layers, dropout=0.9)
        at_rest, trained = encoder(X), encoder(X, training=True)
        np.testing.assert_array_equal(at_rest, encoder(X))
        assert (float(tf.reduce_max(abs(at_rest - trained))) > 1e-3) == differs


@pytest.mark.parametrize("bidirectional", [False, True])
def test_masks_are_read_and_passed_on(bidirectional):
    ids = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(9, 4, mask_zero=True)(ids)
    encoder = RecurrentEncoder("gru", UNITS, num_layers=2, bidirectional=bidirectional)
    model = keras.Model(ids, encoder(x))
    short, padded = model(tf.constant([[3, 4]])), model(tf.constant([[3, 4, 0, 0]]))
    np.testing.assert_allclose(short, padded[:, :2], atol=1e-6)
    mask = padded._keras_mask
    assert mask.numpy().tolist() == [[True, True, False, False]]


@pytest.mark.parametrize("cell", ["lstm", GRU])
def test_config_and_file_round_trip(cell, tmp_path):
    encoder = RecurrentEncoder(cell, UNITS, num_layers=2, dropout=0.1, residual=True)
    x = keras.Input((None, FEATURES))
    model = keras.Model(x, encoder(x))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded(X), model(X), atol=1e-6)
    assert loaded.layers[-1].get_config() == encoder.get_config()


def test_wrong_arguments_are_refused_by_name():
    for name, value in {"units": 0, "num_layers": 0, "bidirectional": 1}.items():
        with pytest.raises(ValueError, match=f"{name}.*{value}"):
            RecurrentEncoder(**{"cell": "gru", "units": 3, name: value})
    with pytest.raises(ValueError, match=r"'ltsm'.*'lstm'"):
        recurrent_layer("ltsm")
    with pytest.raises(ValueError, match=r"rate.*1"):
        RecurrentEncoder("gru", 3, dropout=1)
