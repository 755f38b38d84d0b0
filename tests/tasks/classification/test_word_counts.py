"""The classifiers of word counts, alone and beside a recurrent network."""

import numpy as np
import pytest
import tensorflow as tf
from harness.models import small, varied

from rnnzoo.tasks.classification.word_counts import (
    BagOfWordsClassifier,
    WordCountsClassifier,
)

ENSEMBLE = "sentiment_lstm_with_word_counts"
LEARNED = {"vocabulary": list("abcdefgh"), "class_names": ["bad", "good"]}
IDS = np.array([[2, 3, 3, 0], [3, 0, 0, 0], [2, 2, 4, 4]])
LABELS, WEIGHTS = np.array([0, 1, 1]), np.array([1.0, 0.5, 0.0])


def undropped(**settings):
    """An ensemble without dropout, and the logits of its members for `IDS`."""
    none = dict.fromkeys(["word_dropout", "embedding_dropout", "dropout"], 0.0)
    model = varied(small(ENSEMBLE, learned=LEARNED, **none, **settings))
    return model, model.network(IDS)


def cross_entropy(logits):
    """The weighted mean, by NumPy."""
    chosen = tf.nn.log_softmax(logits).numpy()[np.arange(3), LABELS]
    return -(WEIGHTS * chosen).sum() / WEIGHTS.sum()


@pytest.mark.parametrize("weight", [0.0, 0.5, 0.9])
def test_answer_is_the_geometric_mean_of_both_probabilities(weight):
    model, members = undropped(count_weight=weight)
    recurrent, counts = (tf.nn.softmax(logits).numpy() for logits in members)
    product = recurrent ** (1 - weight) * counts**weight
    expected = product / product.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(tf.nn.softmax(model(IDS)), expected, rtol=1e-5)
    outputs = model.predict(IDS, verbose=0)
    np.testing.assert_allclose(tf.nn.softmax(outputs), expected, rtol=1e-5)


def test_call_in_training_returns_both_members():
    model, members = undropped()
    outputs = model(IDS, training=True)
    assert outputs.shape == (2, 3, 2)
    np.testing.assert_allclose(outputs, tf.nn.log_softmax(tf.stack(members)), rtol=1e-5)


def test_loss_is_that_of_each_member_in_training_and_of_the_answer_else():
    model, members = undropped()
    for training, expected in [
        (True, np.mean([cross_entropy(logits) for logits in members])),
        (False, cross_entropy(model(IDS))),
    ]:
        outputs = model(IDS, training=training)
        loss = model.compute_loss(IDS, LABELS, outputs, WEIGHTS, training)
        np.testing.assert_allclose(loss, expected, rtol=1e-5)


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_compute_loss_after_fit_is_that_of_the_weights(run_eagerly, reviews):
    model = small(ENSEMBLE, reviews)
    model.run_eagerly, model.jit_compile = run_eagerly, False
    model.fit(reviews, verbose=0)
    for training in (True, False):
        outputs = model(IDS, training=training)
        members = tf.unstack(outputs) if training else [outputs]
        loss = model.compute_loss(IDS, LABELS, outputs, WEIGHTS, training)
        expected = np.mean([cross_entropy(logits) for logits in members])
        np.testing.assert_allclose(loss, expected, rtol=1e-5)


def test_fit_trains_both_members_and_shows_the_accuracy_of_the_answer(reviews):
    settings = {"learning_rate": 0.1, "learning_rate_schedule": "constant"}
    model = small(ENSEMBLE, reviews, **settings)
    before = model.get_weights()
    log = model.fit(reviews, epochs=10, verbose=0).history
    assert {"loss", "accuracy"} == set(log)
    assert log["loss"][-1] < log["loss"][0]
    assert model.measure(reviews) == {"accuracy": 1.0}
    moved = [
        np.abs(a - b).max() for a, b in zip(model.get_weights(), before, strict=True)
    ]
    trained = [weight.trainable for weight in model.weights]
    assert all(np.array(moved)[trained] > 0)


def test_recurrent_layers_read_the_end_and_the_counts_read_all():
    model = small(ENSEMBLE, learned=LEARNED, recurrent_length=2)
    model.network.get_layer("bag_of_words").kernel.assign(np.eye(10, 2, k=-4))
    ids = np.array([[5, 2, 2, 9]])
    (recurrent, counts), (of_the_end, few) = (
        model.network(ids),
        model.network(ids[:, 2:]),
    )
    np.testing.assert_allclose(recurrent, of_the_end, atol=1e-6)
    assert np.abs(counts - few).max() > 0.1


def test_ensemble_has_the_weights_of_both_members():
    sizes = [
        sum(np.prod(weight.shape) for weight in small(recipe, learned=LEARNED).weights)
        for recipe in (ENSEMBLE, "sentiment_lstm", "sentiment_bag_of_words")
    ]
    assert sizes[0] == sizes[1] + sizes[2]


def test_bag_of_words_ignores_padding_and_order():
    model = varied(BagOfWordsClassifier(learned=LEARNED))
    logits = model(IDS)
    assert logits.shape == (3, 2)
    np.testing.assert_allclose(model(np.pad(IDS, [[0, 0], [0, 5]])), logits, atol=1e-6)
    np.testing.assert_allclose(model(IDS[:, ::-1]), logits, atol=1e-6)


def test_bag_of_words_has_a_weight_for_each_word_and_label():
    (kernel, bias) = BagOfWordsClassifier(learned=LEARNED).get_weights()
    assert (kernel.shape, bias.shape) == ((10, 2), (2,))


def test_bag_of_words_has_no_recurrent_settings():
    with pytest.raises(TypeError, match="units"):
        BagOfWordsClassifier(units=4)


def test_batches_of_counts_have_few_lengths():
    """Counting needs no finer ones; the ensemble has those of its recurrent layers."""
    assert BagOfWordsClassifier(max_length=2000).lengths() == [512, 2000]
    lengths = WordCountsClassifier(recurrent_length=100, max_length=2000).lengths()
    assert lengths == [16, 24, 32, 40, 56, 72, 100, 2000]
