"""`ServedModel`: a SavedModel, asked without the code that made it."""

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


def test_predict_gives_answers_of_the_model(exported):
    model, path = exported
    texts = ["a good film", "", b"\xff"]
    for got, wanted in zip(
        ServedModel(path).predict(texts), model.answer(texts), strict=True
    ):
        assert got["label"] == wanted["label"]
        np.testing.assert_allclose(
            got["probabilities"], wanted["probabilities"], atol=1e-6
        )


def test_served_model_takes_newest_version_or_the_one_named(exported):
    model, path = exported
    newest = model.export_saved_model(path)
    assert ServedModel(path).path == newest
    assert ServedModel(path / "1").path == path / "1"


def test_predict_takes_more_texts_than_a_batch(exported):
    assert len(ServedModel(exported[1]).predict(["a film"] * 130)) == 130


def test_predict_takes_one_text(exported):
    assert len(ServedModel(exported[1]).predict("a film")) == 1


def test_predict_takes_numbers_by_the_names_of_inputs(exported):
    model, path = exported
    served = ServedModel(path, "tokens")
    assert {spec.name for spec in served.inputs} == {"ids", "lengths"}
    rows = [{"ids": [1, 2, 1], "lengths": 2}, {"ids": [2], "lengths": 1}]
    for got, wanted in zip(
        served.predict(rows), model.answer(rows, "tokens"), strict=True
    ):
        np.testing.assert_allclose(got["score"], wanted["score"], atol=1e-6)


def test_predict_strips_padding_as_the_model_does(sentences, tmp_path):
    """Every signature of a tagger pads its outputs."""
    model = small("tagging_gru", sentences)
    model.export_saved_model(tmp_path / "model")
    texts = ["Go", "Bonn lies there", ""]
    rows = [
        {"tokens": ["Go", "", ""], "lengths": 1},
        {"tokens": ["Bonn", "lies", "there"], "lengths": 3},
    ]
    for signature, asked in (("serving_default", texts), ("tokens", rows)):
        got = ServedModel(tmp_path / "model", signature).predict(asked)
        wanted = model.answer(asked, signature)
        assert [row["tokens"] for row in got] == [row["tokens"] for row in wanted]
        assert [row["tags"] for row in got] == [row["tags"] for row in wanted]
        assert [len(row["scores"]) for row in got][:2] == [1, 3]


@pytest.mark.parametrize(
    ("rows", "error", "message"),
    [
        ([3], TypeError, "`text`, row 0.*3"),
        ([["a", "b"]], ValueError, "`text`, row 0"),
        ([{"words": "a"}], ValueError, "'text'.*'words'"),
    ],
)
def test_predict_with_rows_that_do_not_fit_raises(exported, rows, error, message):
    with pytest.raises(error, match=message):
        ServedModel(exported[1]).predict(rows)


def test_served_model_answers_by_the_signature_named(tmp_path):
    recipe = "translation_gru_attention"
    model = small(recipe, example_data(recipe))
    model.export_saved_model(tmp_path / "model")
    (got,) = ServedModel(tmp_path / "model", "beam").predict("A dog")
    (wanted,) = model.answer_beam("A dog")
    assert got["translations"] == wanted["translations"]
    np.testing.assert_allclose(got["scores"], wanted["scores"], rtol=1e-4)
    known = "'beams'.*beam, serving_default"
    with pytest.raises(ValueError, match=known):
        ServedModel(tmp_path / "model", "beams")


@pytest.mark.parametrize("name", ["nothing", "empty"])
def test_served_model_without_saved_model_raises(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match=name):
        ServedModel(tmp_path / name)


def test_served_model_skips_empty_version(exported):
    path = exported[1]
    (path / "2").mkdir()
    assert ServedModel(path).path == path / "1"
