"""What the models on text share, for one of each kind."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.exports import example_data
from harness.models import small

each_kind = pytest.mark.parametrize(
    "recipe", ["sentiment_gru", "tagging_gru", "translation_gru"]
)


@each_kind
@pytest.mark.parametrize(
    "use",
    [
        lambda model, data: model.pipeline(data),
        lambda model, data: model.predict_text("good"),
        lambda model, data: model.export_saved_model("nowhere"),
        lambda model, data: model.fit(tf.zeros((2, 3), tf.int32), tf.zeros(2)),
    ],
    ids=["pipeline", "predict_text", "export_saved_model", "fit"],
)
def test_use_before_the_vocabulary_is_known(recipe, use):
    with pytest.raises(ValueError, match=r"Call `model.adapt\(dataset\)` first"):
        use(small(recipe), example_data(recipe))


@each_kind
def test_the_vocabulary_is_learned_once(recipe):
    model = small(recipe, example_data(recipe))
    with pytest.raises(ValueError, match="vocabulary is known already"):
        model.adapt(example_data(recipe))


@each_kind
def test_fit_on_raw_text_says_what_it_takes(recipe):
    model = small(recipe, example_data(recipe))
    with pytest.raises(ValueError, match=r"give it `model.pipeline\(dataset, training"):
        model.fit(example_data(recipe).batch(1))


def test_fit_on_arrays_still_shuffles(reviews, monkeypatch):
    given = {}
    monkeypatch.setattr(
        keras.Model, "fit", lambda self, *args, **kwargs: given.update(kwargs)
    )
    model = small(dataset=reviews)
    model.fit(np.ones((2, 3), "int32"), np.zeros(2))
    assert "shuffle" not in given
    model.fit(model.pipeline(reviews))
    assert given["shuffle"] is False
