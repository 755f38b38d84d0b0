"""Mean and maximum over the unmasked steps."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.layers import FEATURES, MASK, sequences

from rnnzoo.layers import MeanMaxPooling


def test_against_numpy():
    inputs = sequences().numpy()
    pooled = MeanMaxPooling(dtype="float64")(inputs, mask=tf.constant(MASK)).numpy()
    for row, mask, got in zip(inputs, MASK, pooled, strict=True):
        steps = row[mask] if mask.any() else np.zeros((1, FEATURES))
        wanted = [*steps.mean(axis=0), *steps.max(axis=0)]
        np.testing.assert_allclose(got, wanted, rtol=1e-12)


def test_without_a_mask_same_as_keras():
    inputs = sequences("float32")
    wanted = tf.concat(
        [
            keras.layers.GlobalAveragePooling1D()(inputs),
            keras.layers.GlobalMaxPooling1D()(inputs),
        ],
        axis=1,
    )
    np.testing.assert_allclose(MeanMaxPooling()(inputs), wanted, rtol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_is_finite(dtype):
    inputs = sequences(dtype)
    pooled = MeanMaxPooling(dtype=dtype)(inputs, mask=tf.constant(MASK))
    assert np.isfinite(tf.cast(pooled, tf.float32)).all()


def test_takes_the_mask_of_an_embedding_and_ends_it():
    model = keras.Sequential(
        [keras.layers.Embedding(5, 2, mask_zero=True), MeanMaxPooling()]
    )
    short, padded = np.array([[1, 2]]), np.array([[1, 2, 0, 0]])
    np.testing.assert_allclose(model(short), model(padded), rtol=1e-6)
