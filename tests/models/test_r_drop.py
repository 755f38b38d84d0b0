"""What a model says twice: against Keras' divergence, and in a translator."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.models import small

from rnnzoo.models.r_drop import divergence

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


def test_rows_come_twice_in_training_alone(translations):
    model = small("translation_gru", translations, r_drop=5.0, **SHORT)
    for training in (True, False):
        ids, answers, weights = next(iter(model.pipeline(translations, training)))
        assert len(answers) == (8 if training else 4)
        if training:
            for rows in (ids["source"], ids["target"], answers, weights):
                np.testing.assert_array_equal(*tf.split(rows, 2))


def test_it_is_part_of_the_loss_in_training(translations):
    model = small("translation_gru", translations, r_drop=5.0, dropout=0.5, **SHORT)
    ids, answers, weights = next(iter(model.pipeline(translations, True)))
    logits = model(ids, training=True)
    in_training, at_rest = (
        model.compute_loss(ids, answers, logits, weights, training)
        for training in (True, False)
    )
    expected = 2.5 * float(divergence(logits, weights))
    assert expected > 1e-4
    assert float(in_training - at_rest) == pytest.approx(expected, rel=1e-3)
    model.fit(model.pipeline(translations, True), epochs=1, verbose=0)
    assert model.get_config()["r_drop"] == 5.0
    with pytest.raises(ValueError, match="`r_drop` must not be negative, got -1"):
        small("translation_gru", r_drop=-1)
