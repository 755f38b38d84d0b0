"""The weighted mean over the unmasked steps."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.layers import FEATURES, MASK, sequences

from rnnzoo.layers import AttentionPooling, MeanMaxPooling


def with_query(query, dtype="float64"):
    layer = AttentionPooling(dtype=dtype)
    layer.build((None, None, len(query)))
    layer.query.assign(query)
    return layer


def test_against_numpy():
    inputs, query = sequences().numpy(), np.linspace(-2, 3, FEATURES)
    pooled = with_query(query)(inputs, mask=tf.constant(MASK)).numpy()
    for row, mask, got in zip(inputs, MASK, pooled, strict=True):
        steps = row[mask] if mask.any() else row
        weights = np.exp(steps @ query if mask.any() else np.zeros(len(steps)))
        wanted = (weights[:, None] * steps).sum(axis=0) / weights.sum()
        np.testing.assert_allclose(got, wanted, rtol=1e-12)


def test_it_begins_as_the_mean():
    inputs = sequences("float32")
    mean = MeanMaxPooling()(inputs)[:, :FEATURES]
    np.testing.assert_allclose(AttentionPooling()(inputs), mean, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_is_finite(dtype):
    layer = with_query(np.full(FEATURES, 50.0), dtype)
    pooled = layer(sequences(dtype), mask=tf.constant(MASK))
    assert np.isfinite(tf.cast(pooled, tf.float32)).all()


def test_takes_the_mask_of_an_embedding_and_ends_it():
    pooling = with_query([3.0, -2.0], "float32")
    model = keras.Sequential([keras.layers.Embedding(5, 2, mask_zero=True), pooling])
    short, padded = np.array([[1, 2]]), np.array([[1, 2, 0, 0]])
    np.testing.assert_allclose(model(short), model(padded), rtol=1e-6)


def test_it_finds_the_step_that_tells():
    """The label is the sign of the one step that another feature marks."""
    generator = np.random.default_rng(1)
    inputs = generator.normal(size=(256, 9, 2)).astype("float32")
    inputs[:, :, 1] = 0
    rows, marked = np.arange(256), generator.integers(9, size=256)
    inputs[rows, marked, 1] = 1
    labels = inputs[rows, marked, 0] > 0
    model = keras.Sequential([AttentionPooling(), keras.layers.Dense(1)])
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.1), loss, metrics=["accuracy"])
    model.fit(inputs, labels, epochs=60, verbose=0)
    assert model.evaluate(inputs, labels, verbose=0)[1] > 0.97
