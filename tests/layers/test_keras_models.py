"""Our layers in models of Keras: the same `fit` as with its own, the same answers."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.layers import BATCH, FEATURES, MASK, UNITS, sequences, states

from rnnzoo import layers

every_twin = pytest.mark.parametrize("name", ["GRU", "LSTM", "SimpleRNN"])


class Subclassed(keras.Model):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def call(self, inputs):
        return self.layer(inputs)


def sequential(layer):
    return keras.Sequential([keras.Input((None, FEATURES)), layer])


def masking(layer):
    return keras.Sequential([keras.layers.Masking(dtype="float64"), layer])


def functional(layer):
    inputs = keras.Input((None, FEATURES))
    before = [keras.Input((size,)) for size in layer.state_size]
    return keras.Model([inputs, *before], layer(inputs, initial_state=before))


def clone(layer):
    return keras.models.clone_model(functional(layer))


def assert_fitted_alike(name, build, inputs):
    """Step by step but for the first, which takes as long to compile as all others."""
    models = [
        build(getattr(where, name)(UNITS, dtype="float64"))
        for where in (layers, keras.layers)
    ]
    for model in models:
        model(inputs)
        model.compile(
            keras.optimizers.SGD(0.1), "mse", run_eagerly=build is not sequential
        )
    models[0].set_weights(models[1].get_weights())
    for _ in range(2):
        answers = [model.predict(inputs, verbose=0) for model in models]
        np.testing.assert_allclose(*answers, rtol=1e-6, atol=1e-6)
        for model in models:
            model.fit(inputs, np.ones((BATCH, UNITS)), shuffle=False, verbose=0)


@every_twin
@pytest.mark.parametrize("build", [sequential, masking, Subclassed])
def test_of_sequences(name, build):
    assert_fitted_alike(name, build, tf.where(MASK[..., None], sequences(), 0))


@every_twin
@pytest.mark.parametrize("build", [functional, clone])
def test_of_sequences_and_states(name, build):
    layer = getattr(keras.layers, name)(UNITS, dtype="float64")
    assert_fitted_alike(name, build, [sequences(), *states(layer)])
