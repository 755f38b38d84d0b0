"""Classifiers that answer together and learn alone."""

import keras
import numpy as np
import tensorflow as tf

from rnnzoo.layers import Ensemble

FIRST, SECOND = np.random.default_rng(0).normal(size=(2, 5, 3))
LABELS = np.array([0, 2, 1, 1, 0])


def cross_entropy(logits):
    return tf.reduce_mean(
        keras.losses.sparse_categorical_crossentropy(LABELS, logits, from_logits=True)
    )


def test_geometric_mean_of_the_probabilities():
    product = np.prod([tf.nn.softmax(x).numpy() for x in (FIRST, SECOND)], axis=0)
    expected = np.sqrt(product) / np.sqrt(product).sum(axis=1, keepdims=True)
    together = Ensemble(dtype="float64")([FIRST, SECOND])
    np.testing.assert_allclose(tf.nn.softmax(together), expected, rtol=1e-12)


def test_in_training_each_has_the_loss_it_would_have_alone():
    layer = Ensemble()
    first, second = (tf.Variable(x, dtype=tf.float32) for x in (FIRST, SECOND))
    with tf.GradientTape(persistent=True) as tape:
        loss = cross_entropy(layer([first, second], training=True)) + sum(layer.losses)
        alone = [cross_entropy(first), cross_entropy(second)]
    np.testing.assert_allclose(loss, np.mean(alone), rtol=1e-5)
    for logits, own in zip((first, second), alone, strict=True):
        np.testing.assert_allclose(
            2 * tape.gradient(loss, logits), tape.gradient(own, logits), rtol=1e-5
        )


def test_no_loss_of_its_own_in_inference():
    layer = Ensemble()
    layer([FIRST, SECOND])
    assert layer.losses == []


def test_file_round_trip(tmp_path):
    inputs = [keras.Input((3,)), keras.Input((3,))]
    model = keras.Model(inputs, Ensemble()(inputs))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded([FIRST, SECOND]), model([FIRST, SECOND]))
