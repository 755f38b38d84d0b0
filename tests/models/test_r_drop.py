"""What a model says twice: against Keras' divergence, and in a translator."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.models import small

from rnnzoo.models.r_drop import divergence, twice

SHORT = {"vocabulary": "word", "max_length": 6}


def test_as_keras_has_it():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(4, 3, 5)).astype("float32")
    weights = np.array([[1, 1, 0], [1, 0, 0]], "float32")
    one, other = tf.split(tf.nn.softmax(logits), 2)
    kl = keras.losses.KLDivergence(reduction="sum")
    ways = (kl(a, b, weights) for a, b in ((one, other), (other, one)))
    expected = sum(ways) / 2 / weights.sum()
    found = divergence(logits, np.concatenate([weights, weights]))
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    ways = (kl(a, b) for a, b in ((one, other), (other, one)))
    np.testing.assert_allclose(divergence(logits), sum(ways) / 2 / 6, rtol=1e-5)


def test_without_dropout_it_changes_nothing(translations):
    """The rows go through twice, in the same order, and say the same."""
    losses = []
    undropped = {"dropout": 0.0, "embedding_dropout": 0.0, **SHORT}
    for r_drop in (0.0, 5.0):
        keras.utils.set_random_seed(3)
        model = small("translation_gru", translations, r_drop=r_drop, **undropped)
        log = model.fit(model.pipeline(translations), epochs=2, verbose=0)
        losses.append(log.history["loss"])
    np.testing.assert_allclose(*losses, rtol=1e-4)


def test_it_is_part_of_the_loss_in_training(translations):
    model = small("translation_gru", translations, r_drop=5.0, dropout=0.5, **SHORT)
    ids, answers, weights = twice(*next(iter(model.pipeline(translations))))
    logits = model(ids, training=True)
    in_training, at_rest = (
        model.compute_loss(ids, answers, logits, weights, training)
        for training in (True, False)
    )
    expected = 2.5 * float(divergence(logits, weights))
    assert expected > 1e-4
    assert float(in_training - at_rest) == pytest.approx(expected, rel=1e-3)
    assert model.get_config()["r_drop"] == 5.0
    with pytest.raises(ValueError, match="`r_drop` must not be negative, got -1"):
        small("translation_gru", r_drop=-1)
