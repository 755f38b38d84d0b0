"""Replayed activations: the outputs that were recorded, and their slopes."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.layers.recurrent import kept_activations
from rnnzoo.layers.recurrent.activations import sigmoid, tanh

X = tf.constant([-3.0, -0.5, 0.25, 2.0], "float64")
FUNCTIONS = [
    *(keras.activations.linear, keras.activations.relu, keras.activations.tanh),
    *(keras.activations.sigmoid, keras.activations.softsign, tanh, sigmoid),
]


def value_and_slope(activation):
    with tf.GradientTape() as tape:
        tape.watch(X)
        y = activation(X)
    return y, tape.gradient(y, X)


@pytest.mark.parametrize("activation", FUNCTIONS)
def test_replayed_is_as_computed(activation):
    outputs = []
    recorded = kept_activations.recording({"f": activation}, outputs)["f"]
    expected = value_and_slope(recorded)
    replayed = kept_activations.replaying({"f": activation}, outputs)["f"]
    np.testing.assert_allclose(value_and_slope(replayed), expected, rtol=1e-12)


def test_what_was_recorded_is_not_computed_again():
    kept = [tf.constant([0.5] * 4, "float64")]
    known = kept_activations.replaying({"f": keras.activations.tanh}, kept)["f"]
    value, slope = value_and_slope(known)
    assert value.numpy().tolist() == [0.5] * 4
    assert slope.numpy().tolist() == [0.75] * 4


def test_an_activation_of_unknown_slope_is_computed_again():
    outputs = []
    activations = {"f": keras.activations.softsign}
    kept_activations.recording(activations, outputs)["f"](X)
    assert outputs == []
    replayed = kept_activations.replaying(activations, outputs)["f"]
    np.testing.assert_array_equal(replayed(X), keras.activations.softsign(X))


def test_calls_are_replayed_in_their_order():
    kept = [tf.constant([float(i)] * 4, "float64") for i in range(3)]
    names = {"f": keras.activations.tanh, "g": keras.activations.sigmoid}
    replayed = kept_activations.replaying(names, kept)
    got = [replayed[name](X)[0].numpy().item() for name in ("f", "g", "f")]
    assert got == [0, 1, 2]
