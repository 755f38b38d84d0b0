"""The sentiment recipes: compiled, and learning what they should."""

import keras
import pytest
import tensorflow as tf
from harness.models import small

from rnnzoo.data.synthetic.reviews import embedded_reviews
from rnnzoo.recipes import (
    list_recipes,
    sentiment_bilstm,
    sentiment_gru,
    sentiment_lstm,
    sentiment_simple_rnn,
)
from rnnzoo.tasks.classification.recipes import sentiment

every_recipe = pytest.mark.parametrize("recipe", list_recipes("sentiment_*"))


@every_recipe
def test_compiled_with_xla_and_clipping(recipe, reviews):
    model = small(recipe, reviews)
    assert model.jit_compile
    assert model.optimizer.global_clipnorm == 1.0
    assert small(recipe, clipnorm=None).optimizer.global_clipnorm is None


def test_every_setting_is_an_argument():
    model = sentiment_lstm(units=3, learning_rate=0.5, class_names=["a", "b", "c"])
    assert model.get_config()["units"] == 3
    assert model.optimizer.learning_rate == 0.5
    assert model.class_names == ["a", "b", "c"]


def test_clipping_bounds_the_step(reviews):
    """With plain gradient descent the step is the clipped gradient itself."""
    model = small("sentiment_bag_of_words", reviews)
    model.compile(keras.optimizers.SGD(1.0, global_clipnorm=1e-3), loss=model.loss)
    before = model.get_weights()
    model.fit(model.pipeline(reviews).take(1), verbose=0)
    moved = tf.linalg.global_norm(
        [a - b for a, b in zip(model.get_weights(), before, strict=True)]
    )
    assert moved.numpy() == pytest.approx(1e-3, rel=1e-3)


def test_unknown_cell():
    with pytest.raises(ValueError, match=r"Unknown cell 'grv'. Did you mean 'gru'"):
        sentiment("grv")


def accuracy(model):
    texts, labels = embedded_reviews(1500, seed=1)
    train = tf.data.Dataset.from_tensor_slices((texts, labels))
    test = tf.data.Dataset.from_tensor_slices(embedded_reviews(500, seed=2))
    model.adapt(train)
    model.fit(model.pipeline(train, training=True), epochs=5, verbose=0)
    return model.evaluate(model.pipeline(test), verbose=0, return_dict=True)["accuracy"]


@pytest.mark.slow
def test_a_recurrent_model_learns_the_order():
    assert accuracy(sentiment_gru(units=32, dropout=0.2, embedding_dropout=0.2)) > 0.95


@pytest.mark.slow
def test_the_baseline_cannot():
    assert accuracy(sentiment("bag_of_words")) < 0.65


def test_every_setting_may_differ():
    assert not sentiment_bilstm(bidirectional=False).get_config()["bidirectional"]
    assert sentiment_simple_rnn(learning_rate=0.5).optimizer.learning_rate == 0.5
    with pytest.raises(ValueError, match="`learning_rate` must be a positive number"):
        sentiment_gru(learning_rate=-1)
