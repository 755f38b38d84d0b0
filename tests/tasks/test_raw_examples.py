"""`fit`, `evaluate` and `predict`, where the contract tests do not reach."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.models import small, varied


def test_arrays_of_ids_are_shuffled_by_keras(reviews, monkeypatch):
    options = {}
    monkeypatch.setattr(
        keras.Model, "fit", lambda self, *args, **kwargs: options.update(kwargs)
    )
    model = small(dataset=reviews)
    model.fit(np.ones((2, 3), "int32"), np.zeros(2))
    assert options["shuffle"] is True
    model.fit(model.pipeline(reviews))
    assert options["shuffle"] is False


@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
def test_the_learning_rate_is_back_after_a_fit(policy, reviews):
    model = small("sentiment_gru", reviews, learning_rate=0.25, dtype=policy)
    rates = []
    watch = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: rates.append(
            float(model.optimizer.learning_rate)
        )
    )
    model.fit(model.pipeline(reviews), verbose=0, callbacks=[watch])
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] < 0.1
    assert float(model.optimizer.learning_rate) == pytest.approx(0.25)
    ids, labels = np.ones((8, 3), "int32"), np.zeros(8)
    rates.clear()
    model.fit(ids, labels, batch_size=4, epochs=2, verbose=0, callbacks=[watch])
    np.testing.assert_allclose(rates[-1], 0, atol=1e-6)
    before = model.get_weights()
    model.train_on_batch(ids, labels)
    assert any((a != b).any() for a, b in zip(before, model.get_weights(), strict=True))


def test_data_without_an_example_are_refused(reviews):
    model = small(dataset=reviews)
    for method in (model.fit, model.evaluate, model.predict):
        with pytest.raises(ValueError, match=r"example.*none"):
            method(reviews.take(0))
    for method, arguments in ((model.fit, ([], [])), (model.predict, ([],))):
        with pytest.raises(ValueError, match=r"example.*none"):
            method(*arguments)
    with pytest.raises(ValueError, match=r"`repeat\(\)`.*`steps_per_epoch`"):
        model.fit(reviews.repeat())


def test_raw_texts_given_to_the_network_are_refused(reviews):
    model = small(dataset=reviews)
    texts = tf.constant(["good", "bad"])
    for method in (model, model.predict_on_batch):
        with pytest.raises(ValueError, match=r"`answer`.*`pipeline`"):
            method(texts)
    with pytest.raises(ValueError, match=r"`answer`.*`pipeline`"):
        model.train_on_batch(texts, np.zeros(2))


def test_metrics_of_the_user_count_every_example_once(reviews):
    """Batches of four hold five examples and three rows that fill up."""
    model = small("sentiment_bag_of_words", reviews)
    loss = model.compile_arguments()["loss"]
    model.compile("sgd", loss, metrics=["accuracy"], run_eagerly=True)
    data = reviews.take(5)
    accuracy = model.evaluate(data, verbose=0, return_dict=True)["accuracy"]
    assert accuracy == pytest.approx(model.measure(data)["accuracy"], abs=1e-4)
    ids, labels, weights = next(iter(model.pipeline(data.take(1), training=True)))
    assert weights.numpy().tolist() == [1, 0, 0, 0]
    logs = model.test_on_batch(ids, labels, weights, return_dict=True)
    assert logs["accuracy"] in (0, 1)


def test_inputs_and_labels_may_be_a_tuple(reviews):
    model = small(dataset=reviews)
    x, y = (list(column) for column in zip(*reviews.as_numpy_iterator(), strict=True))
    assert model.measure((x, y)) == model.measure(reviews)
    assert len(model.pipeline((x, y))) == len(model.pipeline(reviews))


def test_a_generator_is_refused(reviews):
    model = small(dataset=reviews)
    for method in (model.fit, model.evaluate, model.predict):
        with pytest.raises(ValueError, match="from_generator"):
            method(row for row in [("good", 1)])


@pytest.mark.parametrize("size", [0, -1])
def test_a_batch_size_that_is_not_positive_is_refused(reviews, size):
    model = small(dataset=reviews)
    for method in (model.fit, model.evaluate, model.predict):
        with pytest.raises(ValueError, match=f"`batch_size`.*{size}"):
            method(reviews, batch_size=size)


def test_weights_of_a_data_set_weigh_the_metrics(sentences):
    model = varied(small("tagging_bilstm_crf", sentences))
    first = sentences.enumerate().map(
        lambda i, row: (row[0], row[1], tf.cast(i == 0, tf.float32))
    )
    weighted = model.evaluate(first, verbose=0, return_dict=True)["accuracy"]
    alone = model.measure(sentences.take(1))["accuracy"]
    assert weighted == pytest.approx(alone, abs=1e-4)


def test_the_learning_rate_falls_over_the_arrays_that_are_trained_on(reviews):
    model = small(dataset=reviews, learning_rate=0.5)
    rates = []
    watch = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda *_: rates.append(float(model.optimizer.learning_rate))
    )
    split = {"validation_split": 0.5, "batch_size": 2, "callbacks": [watch]}
    model.fit(np.ones((8, 3), "int32"), np.zeros(8), epochs=2, verbose=0, **split)
    np.testing.assert_allclose(rates, [0.25, 0], atol=1e-6)
