"""The command line."""

import io
import json
import sys
from pathlib import Path

import pytest
from harness.models import small

from rnnzoo.__main__ import main


@pytest.fixture
def model_path(reviews, tmp_path):
    small(dataset=reviews).export_saved_model(tmp_path / "model")
    return str(tmp_path / "model")


def rows(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_predict_texts(model_path, capsys):
    assert main(["predict", model_path, "a good film", "été"]) == 0
    answers = rows(capsys)
    assert [a["text"] for a in answers] == ["a good film", "été"]
    assert all(a["label"] in ("negative", "positive") for a in answers)
    assert all(0 <= a["score"] <= 1 for a in answers)


def test_predict_standard_input(model_path, capsys, monkeypatch):
    lines = b"a good film\r\n\nno \xff UTF-8\n" + b"bad\n" * 40
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    main(["predict", model_path])
    texts = [answer["text"] for answer in rows(capsys)]
    assert texts == ["a good film", "", "no \ufffd UTF-8"] + ["bad"] * 40


@pytest.mark.parametrize("place", [0, 1, 3])
def test_predict_by_a_signature(translations, tmp_path, capsys, place):
    """Wherever the option stands."""
    model = small("translation_gru", translations, vocabulary="word", beam_size=2)
    model.export_saved_model(tmp_path / "model")
    arguments = [str(tmp_path / "model"), "Ein Hund", "Hund"]
    arguments[place:place] = ["--signature", "beam"]
    assert main(["predict", *arguments]) == 0
    answers = rows(capsys)
    assert [answer["text"] for answer in answers] == ["Ein Hund", "Hund"]
    assert [len(answer["translations"]) for answer in answers] == [2, 2]


@pytest.mark.parametrize("option", [["--signatur=beam"], ["--beam", "2"]])
def test_an_option_that_there_is_not(model_path, capsys, option):
    with pytest.raises(SystemExit) as stop:
        main(["predict", model_path, "text", "--beams", *option])
    assert stop.value.code == 2
    assert "unrecognized arguments: --beams" in capsys.readouterr().err


def test_a_signature_that_there_is_not(model_path, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["predict", model_path, "text", "--signature", "beam"])
    assert stop.value.code == 2
    assert "has no signature 'beam'" in capsys.readouterr().err


def test_no_such_model(tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["predict", str(tmp_path / "nothing"), "text"])
    assert stop.value.code == 2
    assert "error: There is no SavedModel at" in capsys.readouterr().err


def test_a_broken_model(model_path, capsys):
    Path(model_path, "1", "saved_model.pb").write_bytes(b"no protocol buffer")
    with pytest.raises(SystemExit) as stop:
        main(["predict", model_path, "text"])
    assert stop.value.code == 2
    assert "error: " in capsys.readouterr().err


def test_standard_output_without_unicode(model_path, monkeypatch):
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    main(["predict", model_path, "\U0001f600"])
    out.seek(0)
    assert json.loads(out.read())["text"] == "\U0001f600"


def test_list(capsys):
    main(["list", "*_gru"])
    assert capsys.readouterr().out == "sentiment_gru\ntagging_gru\ntranslation_gru\n"


def test_no_command(capsys):
    with pytest.raises(SystemExit):
        main([])
    assert "predict" not in capsys.readouterr().out
