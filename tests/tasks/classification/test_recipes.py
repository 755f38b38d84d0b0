"""The sentiment recipes: how they are compiled, and what they learn."""

import keras
import pytest
import tensorflow as tf
from harness.models import small

from rnnzoo.data.synthetic.reviews import synthetic_reviews
from rnnzoo.recipes import (
    list_recipes,
    sentiment_bag_of_words,
    sentiment_bilstm,
    sentiment_gru,
    sentiment_lstm,
    sentiment_simple_rnn,
)

every_recipe = pytest.mark.parametrize("recipe", list_recipes("sentiment_*"))


@every_recipe
def test_recipe_is_compiled_with_xla_and_clipping(recipe, reviews):
    model = small(recipe, reviews)
    assert model.jit_compile
    assert model.optimizer.global_clipnorm == 1.0
    assert small(recipe, clipnorm=None).optimizer.global_clipnorm is None


def test_recipe_takes_every_setting_as_an_argument():
    model = sentiment_lstm(units=3, learning_rate=0.5, class_names=["a", "b", "c"])
    assert model.config.units == 3
    assert float(model.optimizer.learning_rate) == 0.5
    assert model.config.class_names == ["a", "b", "c"]
    assert not sentiment_bilstm(bidirectional=False).config.bidirectional
    constant = {"learning_rate": 0.5, "learning_rate_schedule": "constant"}
    assert sentiment_simple_rnn(**constant).optimizer.learning_rate == 0.5


@pytest.mark.parametrize(("name", "value"), [("learning_rate", -1), ("cell", "grv")])
def test_recipe_of_a_bad_setting_raises(name, value):
    with pytest.raises(ValueError, match=f"{name}.*{value}"):
        sentiment_gru(**{name: value})


def test_clipnorm_bounds_the_step(reviews):
    """With plain gradient descent the step is the clipped gradient itself."""
    model = small("sentiment_bag_of_words", reviews)
    optimizer = keras.optimizers.SGD(1.0, global_clipnorm=1e-3)
    model.compile(optimizer, loss=model.loss, run_eagerly=True)
    before = model.get_weights()
    model.fit(model.pipeline(reviews).take(1), verbose=0)
    moved = tf.linalg.global_norm(
        [a - b for a, b in zip(model.get_weights(), before, strict=True)]
    )
    assert moved.numpy() == pytest.approx(1e-3, rel=1e-3)


def accuracy(model):
    texts, labels = synthetic_reviews(1500, seed=1)
    train = tf.data.Dataset.from_tensor_slices((texts, labels))
    test = tf.data.Dataset.from_tensor_slices(synthetic_reviews(500, seed=2))
    model.adapt(train)
    model.fit(model.pipeline(train, training=True), epochs=8, verbose=0)
    return model.evaluate(model.pipeline(test), verbose=0, return_dict=True)["accuracy"]


@pytest.mark.slow
def test_recurrent_model_learns_the_word_order():
    assert accuracy(sentiment_gru(units=32, dropout=0.2, embedding_dropout=0.2)) > 0.95


@pytest.mark.slow
def test_bag_of_words_cannot_learn_the_word_order():
    assert accuracy(sentiment_bag_of_words()) < 0.65
