"""The loss of a CRF, in models that are trained, stored and loaded."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.layers import CRF, CRFLoss

# All words are the same: each tag follows from the one before it.
IDS = np.array([[3, 3, 3, 3, 3, 3], [3, 3, 3, 0, 0, 0], [3, 3, 3, 3, 3, 0]])
ORDER = np.array([[0, 1, 2, 0, 1, 2], [0, 1, 2, 0, 0, 0], [0, 1, 2, 0, 1, 0]])


def tagger(jit_compile=True, **arguments):
    ids = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(10, 8, mask_zero=True)(ids)
    crf = CRF(3, **arguments)
    model = keras.Model(ids, crf(keras.layers.Dense(3)(x)))
    model.compile(
        keras.optimizers.Adam(0.05), loss=CRFLoss(crf), jit_compile=jit_compile
    )
    return model


def expected_loss(model):
    """The mean over the sequences, each alone and without padding."""
    crf, scores = model.layers[-1], model(IDS)
    losses = [
        -crf.log_likelihood(ORDER[i : i + 1, :n], scores[i : i + 1, :n])[0]
        for i, n in enumerate((IDS > 0).sum(axis=1))
    ]
    return np.mean(losses)


@pytest.mark.slow
def test_model_trained_on_an_order_learns_it():
    model = tagger()
    losses = model.fit(IDS, ORDER, epochs=150, verbose=0).history["loss"]
    assert losses[-1] < 0.1 * losses[0]
    tags, _ = model.layers[-1].decode(model(IDS))
    np.testing.assert_array_equal(tags, np.where(IDS > 0, ORDER, 0))


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_evaluate_takes_the_mask_of_the_model(jit_compile):
    model = tagger(jit_compile)
    loss = model.evaluate(IDS, ORDER, verbose=0)
    np.testing.assert_allclose(loss, expected_loss(model), rtol=1e-5)


def test_loss_takes_a_mask_as_argument():
    model = tagger()
    scores = tf.identity(model(IDS))  # Without the mask of Keras.
    loss = CRFLoss(model.layers[-1])
    masked = loss(ORDER, scores, mask=tf.constant(IDS > 0))
    np.testing.assert_allclose(masked, expected_loss(model), rtol=1e-5)
    assert abs(masked - loss(ORDER, scores)) > 0.1


STRATEGIES = {
    "default": tf.distribute.get_strategy,
    "one_device": lambda: tf.distribute.OneDeviceStrategy("CPU:0"),
    "mirrored": lambda: tf.distribute.MirroredStrategy(["CPU:0"]),
}


def fit_under(strategy):
    keras.utils.set_random_seed(1)
    with STRATEGIES[strategy]().scope():
        model = tagger(jit_compile=False)
        return model.fit(IDS, ORDER, epochs=2, verbose=0, shuffle=False).history["loss"]


@pytest.mark.parametrize("strategy", ["one_device", "mirrored"])
def test_fit_under_a_distribution_strategy_has_the_same_loss(strategy):
    losses = fit_under(strategy)
    np.testing.assert_allclose(losses, fit_under("default"), rtol=1e-5)


def test_loaded_model_is_compiled_again_and_trained(tmp_path):
    model = tagger(jit_compile=False, tags=["O", "B-X", "I-X"])
    model.fit(IDS, ORDER, verbose=0)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    for use in (again.evaluate, again.fit):
        with pytest.raises(ValueError, match=r"model\.compile\(.*CRFLoss"):
            use(IDS, ORDER, verbose=0)
    again.compile(again.optimizer, CRFLoss(again.layers[-1]), jit_compile=False)
    loss = model.evaluate(IDS, ORDER, verbose=0)
    np.testing.assert_allclose(again.evaluate(IDS, ORDER, verbose=0), loss, rtol=1e-6)
    again.fit(IDS, ORDER, verbose=0)
    assert again.layers[-1].get_config() == model.layers[-1].get_config()


def test_training_on_tags_that_break_the_scheme_keeps_answers_in_it():
    """The loss stays a small number."""
    model = tagger(jit_compile=False, tags=["O", "B-X", "I-X"])
    breaking = np.where(IDS > 0, 2 - ORDER, 0)  # "I-X" comes first.
    losses = model.fit(IDS, breaking, epochs=40, verbose=0).history["loss"]
    assert losses[-1] < losses[0] < 100
    tags, _ = model.layers[-1].decode(model(IDS))
    for row, ids in zip(tags.numpy(), IDS, strict=True):
        pairs = itertools.pairwise([0, *row[ids > 0]])
        assert (0, 2) not in pairs  # No "I-X" after "O", nor at the start.


def test_sample_weights_weigh_sequences():
    model = tagger()
    of_one = model.evaluate(IDS[:1], ORDER[:1], verbose=0)
    weights = np.array([3.0, 0.0, 0.0])
    weighted = model.evaluate(IDS, ORDER, sample_weight=weights, verbose=0)
    np.testing.assert_allclose(weighted, of_one, rtol=1e-5)


def test_config_round_trip_keeps_the_reduction_without_the_layer():
    loss = CRFLoss(CRF(3), reduction="sum", name="mine")
    again = CRFLoss.from_config(loss.get_config())
    assert (again.reduction, again.name, again.crf) == ("sum", "mine", None)


def test_weights_of_steps_raise():
    crf = CRF(3)
    scores = crf(tf.zeros((2, 4, 3)))
    with pytest.raises(ValueError, match=r"sample_weight.*\(2, 4\)"):
        CRFLoss(crf)(tf.zeros((2, 4), tf.int32), scores, tf.ones((2, 4)))


def test_loss_of_no_crf_raises():
    with pytest.raises(TypeError, match=r"crf.*'crf'"):
        CRFLoss("crf")
