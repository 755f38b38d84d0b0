"""`ServedModel`: a SavedModel, asked without the code that made it."""

import shutil

import numpy as np
import pytest

from rnnzoo.serving import ServedModel


@pytest.fixture
def classifier(exported):
    return exported("sentiment_lstm")


def test_predict_gives_answers_of_the_model(classifier):
    model, path = classifier
    texts = ["a good film", "", b"\xff"]
    for got, wanted in zip(
        ServedModel(path).predict(texts), model.answer(texts), strict=True
    ):
        assert got["label"] == wanted["label"]
        np.testing.assert_allclose(
            got["probabilities"], wanted["probabilities"], atol=1e-6
        )


def test_served_model_takes_newest_version_or_the_one_named(classifier, tmp_path):
    for version in ("2", "10"):
        shutil.copytree(classifier[1] / "1", tmp_path / version)
    assert ServedModel(tmp_path).path == tmp_path / "10"
    assert ServedModel(tmp_path / "2").path == tmp_path / "2"


def test_predict_takes_more_texts_than_a_batch(classifier):
    assert len(ServedModel(classifier[1]).predict(["a film"] * 130)) == 130


def test_predict_takes_one_text(classifier):
    assert len(ServedModel(classifier[1]).predict("a film")) == 1


def test_predict_takes_numbers_by_the_names_of_inputs(classifier):
    model, path = classifier
    served = ServedModel(path, "tokens")
    assert {spec.name for spec in served.inputs} == {"ids", "lengths"}
    rows = [{"ids": [1, 2, 1], "lengths": 2}, {"ids": [2], "lengths": 1}]
    for got, wanted in zip(
        served.predict(rows), model.answer(rows, "tokens"), strict=True
    ):
        np.testing.assert_allclose(got["score"], wanted["score"], atol=1e-6)


def test_predict_strips_padding_as_the_model_does(exported):
    """Every signature of a tagger pads its outputs."""
    model, path = exported("tagging_gru")
    texts = ["Go", "Bonn lies there", ""]
    rows = [
        {"tokens": ["Go", "", ""], "lengths": 1},
        {"tokens": ["Bonn", "lies", "there"], "lengths": 3},
    ]
    for signature, asked in (("serving_default", texts), ("tokens", rows)):
        got = ServedModel(path, signature).predict(asked)
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
def test_predict_with_rows_that_do_not_fit_raises(classifier, rows, error, message):
    with pytest.raises(error, match=message):
        ServedModel(classifier[1]).predict(rows)


def test_served_model_answers_by_the_signature_named(exported):
    model, path = exported("translation_gru_attention")
    (got,) = ServedModel(path, "beam").predict("A dog")
    (wanted,) = model.answer_beam("A dog")
    assert got["translations"] == wanted["translations"]
    np.testing.assert_allclose(got["scores"], wanted["scores"], rtol=1e-4)
    known = "'beams'.*beam, serving_default"
    with pytest.raises(ValueError, match=known):
        ServedModel(path, "beams")


@pytest.mark.parametrize("name", ["nothing", "empty"])
def test_served_model_without_saved_model_raises(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match=name):
        ServedModel(tmp_path / name)


def test_served_model_skips_empty_version(classifier, tmp_path):
    shutil.copytree(classifier[1] / "1", tmp_path / "1")
    (tmp_path / "2").mkdir()
    assert ServedModel(tmp_path).path == tmp_path / "1"
