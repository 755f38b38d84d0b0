"""Dropout, against the layer of Keras that it takes the place of."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.layers import Dropout

X = tf.random.stateless_normal((64, 100, 20), seed=(1, 2))


@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize("noise_shape", [None, (None, 1, None), (64, 100, 1)])
def test_what_is_dropped(jit_compile, noise_shape):
    layer = Dropout(0.25, noise_shape=noise_shape, seed=3)
    dropped = tf.function(layer, jit_compile=jit_compile)(X, training=True).numpy()
    stays = dropped != 0
    np.testing.assert_allclose(dropped, np.where(stays, X / 0.75, 0), rtol=1e-6)
    sizes = [n or m for n, m in zip(noise_shape or X.shape, X.shape, strict=True)]
    independent = stays[tuple(slice(size) for size in sizes)]
    assert (stays == independent).all()
    # Five standard deviations.
    bound = 5 * (0.25 * 0.75 / independent.size) ** 0.5
    assert abs(independent.mean() - 0.75) < bound


def test_every_call_draws_anew_and_a_seed_repeats():
    first, second = (Dropout(0.5, seed=3) for _ in range(2))
    draws = [first(X, training=True).numpy() for _ in range(2)]
    assert (draws[0] != draws[1]).any()
    np.testing.assert_array_equal(second(X, training=True), draws[0])


def test_in_answering_nothing_is_dropped():
    assert Dropout(0.5)(X) is X
    assert Dropout(0.0)(X, training=True) is X


@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16"])
def test_config_and_dtype_as_in_keras(dtype):
    given = {"rate": 0.3, "noise_shape": (None, 1, 2), "seed": 4, "dtype": dtype}
    ours, theirs = Dropout(**given, name="it"), keras.layers.Dropout(**given, name="it")
    assert ours.get_config() == theirs.get_config()
    answers = [each(tf.ones((2, 3, 2)), training=True) for each in (ours, theirs)]
    assert answers[0].dtype == answers[1].dtype
    assert Dropout.from_config(ours.get_config()).noise_shape == (None, 1, 2)


def test_what_drops_everything():
    with pytest.raises(ValueError, match=r"`rate`.* 1\.0"):
        Dropout(1.0)
