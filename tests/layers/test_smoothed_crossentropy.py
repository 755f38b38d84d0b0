"""Cross-entropy with label smoothing, against that of Keras on one-hot labels."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.layers import SmoothedCrossentropy

LABELS = np.array([[0, 4, 2], [1, 1, 3]])
LOGITS = np.random.default_rng(0).normal(size=(2, 3, 5)).astype("float32")
WEIGHTS = np.array([[1, 1, 0], [1, 0, 0]], "float32")


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.6])
@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_as_keras_of_one_hot_labels(smoothing, weights):
    how = {"reduction": "mean_with_sample_weight"}
    loss = SmoothedCrossentropy(smoothing, **how)
    keras_loss = keras.losses.CategoricalCrossentropy(
        from_logits=True, label_smoothing=smoothing, **how
    )
    expected = keras_loss(np.eye(5)[LABELS], LOGITS, weights)
    np.testing.assert_allclose(loss(LABELS, LOGITS, weights), expected, rtol=1e-5)


def test_gradient():
    logits = tf.Variable(LOGITS)
    with tf.GradientTape() as tape:
        loss = SmoothedCrossentropy(0.2, reduction="sum")(LABELS, logits)
    smoothed = 0.8 * np.eye(5)[LABELS] + 0.2 / 5
    expected = tf.nn.softmax(logits) - smoothed
    np.testing.assert_allclose(tape.gradient(loss, logits), expected, atol=1e-6)


@pytest.mark.parametrize("label", [-1, 5])
def test_a_label_that_there_is_not(label):
    loss = SmoothedCrossentropy(0.1, reduction=None)(
        np.array([0, label]), LOGITS[0, :2]
    )
    assert np.isfinite(loss[0])
    assert np.isnan(loss[1])


def test_config_round_trip():
    loss = SmoothedCrossentropy(0.3, reduction="sum")
    twin = keras.losses.deserialize(keras.losses.serialize(loss))
    assert twin.get_config() == loss.get_config()
    assert twin.label_smoothing == 0.3


def test_no_rate():
    with pytest.raises(ValueError, match=r"`label_smoothing`.* 1\.0"):
        SmoothedCrossentropy(1.0)
