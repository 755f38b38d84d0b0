"""The base class of tasks, where the contract tests do not reach."""

import keras
import numpy as np
import pytest
from harness.models import small

from rnnzoo.recipes import build_recipe


@pytest.mark.parametrize("recipe", ["sentiment_gru", "tagging_gru", "translation_gru"])
def test_learned_without_one_of_its_parts_names_them(recipe):
    names = {
        "sentiment_gru": "class_names",
        "tagging_gru": "intents",
        "translation_gru": "target_vocabulary",
    }
    task = type(build_recipe(recipe))
    with pytest.raises(ValueError, match=names[recipe]):
        task(learned={"vocabulary": ["a"]})


def test_export_saved_model_before_adapt_says_to_adapt(tmp_path):
    with pytest.raises(ValueError, match="adapt"):
        small("sentiment_gru").export_saved_model(tmp_path)


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
    for method in (model.fit, model.evaluate):
        with pytest.raises(ValueError, match=r"example.*none"):
            method(reviews.take(0))
    with pytest.raises(ValueError, match=r"`repeat\(\)`.*`steps_per_epoch`"):
        model.fit(reviews.repeat())
