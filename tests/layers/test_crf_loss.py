"""The loss of a CRF, in models that are trained, stored and loaded."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.layers import CRF, CRFLoss


def tagger(**arguments):
    ids = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(10, 8, mask_zero=True)(ids)
    model = keras.Model(ids, CRF(3, **arguments)(keras.layers.Dense(3)(x)))
    model.compile(keras.optimizers.Adam(0.05), loss=CRFLoss(), jit_compile=True)
    return model


# The word is always the same: each tag follows from the one before it.
IDS = np.array([[3, 3, 3, 3, 3, 3], [3, 3, 3, 0, 0, 0], [3, 3, 3, 3, 3, 0]])
ORDER = np.array([[0, 1, 2, 0, 1, 2], [0, 1, 2, 0, 0, 0], [0, 1, 2, 0, 1, 0]])


@pytest.mark.slow
def test_a_model_learns_an_order_that_no_word_tells():
    model = tagger()
    losses = model.fit(IDS, ORDER, epochs=150, verbose=0).history["loss"]
    assert losses[-1] < 0.1 * losses[0]
    tags, _ = model.layers[-1].decode(model(IDS))
    np.testing.assert_array_equal(tags, np.where(IDS > 0, ORDER, 0))


def test_file_round_trip(tmp_path):
    model = tagger(tags=["O", "B-X", "I-X"])
    model.fit(IDS, ORDER, verbose=0)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    loss = model.evaluate(IDS, ORDER, verbose=0)
    np.testing.assert_allclose(again.evaluate(IDS, ORDER, verbose=0), loss, rtol=1e-6)
    again.fit(IDS, ORDER, verbose=0)
    assert again.layers[-1].get_config() == model.layers[-1].get_config()


def test_training_on_tags_that_break_the_scheme():
    """The loss stays small numbers, and answers keep to the scheme."""
    model = tagger(tags=["O", "B-X", "I-X"])
    breaking = np.where(IDS > 0, 2 - ORDER, 0)  # "I-X" comes first.
    losses = model.fit(IDS, breaking, epochs=40, verbose=0).history["loss"]
    assert losses[-1] < losses[0] < 100
    tags, _ = model.layers[-1].decode(model(IDS))
    for row, ids in zip(tags.numpy(), IDS, strict=True):
        pairs = itertools.pairwise([0, *row[ids > 0]])
        assert (0, 2) not in pairs  # no "I-X" after "O", nor at the start


def test_weights_of_sequences():
    model = tagger()
    of_one = model.evaluate(IDS[:1], ORDER[:1], verbose=0)
    weights = np.array([3.0, 0.0, 0.0])
    weighted = model.evaluate(IDS, ORDER, sample_weight=weights, verbose=0)
    np.testing.assert_allclose(weighted, of_one, rtol=1e-5)


def test_bad_inputs_are_named():
    tags, scores = tf.zeros((2, 4), tf.int32), tf.zeros((2, 4, 3))
    with pytest.raises(ValueError, match="Make the CRF the model's last layer"):
        CRFLoss()(tags, scores)
    with pytest.raises(ValueError, match=r"a weight for each sequence, got \(2, 4\)"):
        CRFLoss()(tags, CRF(3)(scores), tf.ones((2, 4)))
