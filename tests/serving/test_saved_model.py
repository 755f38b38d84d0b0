"""A SavedModel, asked without the code that made it."""

import numpy as np
import pytest
from harness.exports import example_data
from harness.models import small

from rnnzoo.serving import ServedModel


@pytest.fixture
def exported(reviews, tmp_path):
    model = small(dataset=reviews)
    model.export_saved_model(tmp_path / "model")
    return model, tmp_path / "model"


def test_answers_as_the_model(exported):
    model, path = exported
    texts = ["a good film", "", b"\xff"]
    for got, wanted in zip(
        ServedModel(path).predict(texts), model.predict_text(texts), strict=True
    ):
        assert got["label"] == wanted["label"]
        np.testing.assert_allclose(
            got["probabilities"], wanted["probabilities"], atol=1e-6
        )


def test_newest_version_or_the_one_named(exported):
    model, path = exported
    newest = model.export_saved_model(path)
    assert ServedModel(path).path == newest
    assert ServedModel(path / "1").path == path / "1"


def test_more_texts_than_a_batch(exported):
    assert len(ServedModel(exported[1]).predict(["a film"] * 130)) == 130


def test_one_text(exported):
    assert len(ServedModel(exported[1]).predict("a film")) == 1


def test_another_signature(tmp_path):
    recipe = "translation_gru_attention"
    model = small(recipe, example_data(recipe))
    model.export_saved_model(tmp_path / "model")
    (got,) = ServedModel(tmp_path / "model", "beam").predict("A dog")
    (wanted,) = model.predict_beam("A dog")
    assert got["translations"] == wanted["translations"]
    np.testing.assert_allclose(got["scores"], wanted["scores"], rtol=1e-4)
    known = "'beams' that takes `text`. It has: beam, serving_default"
    with pytest.raises(ValueError, match=known):
        ServedModel(tmp_path / "model", "beams")


@pytest.mark.parametrize("name", ["nothing", "empty"])
def test_no_saved_model(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="There is no SavedModel at .*" + name):
        ServedModel(tmp_path / name)


def test_an_empty_version_is_passed_over(exported):
    path = exported[1]
    (path / "2").mkdir()
    assert ServedModel(path).path == path / "1"
