"""The command line."""

import io
import json
import re
import shlex
import sys
from pathlib import Path

import keras
import pytest

from rnnzoo.__main__ import main
from rnnzoo.tasks.base import Task


@pytest.fixture
def model_path(exported):
    return str(exported("sentiment_lstm")[1])


def rows(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_predict_prints_an_answer_for_each_text(model_path, capsys):
    assert main(["predict", model_path, "a good film", "été"]) == 0
    answers = rows(capsys)
    assert [a["text"] for a in answers] == ["a good film", "été"]
    assert all(a["label"] in ("negative", "positive") for a in answers)
    assert all(0 <= a["score"] <= 1 for a in answers)


def test_predict_without_texts_reads_lines_of_standard_input(
    model_path, capsys, monkeypatch
):
    lines = b"a good film\r\n\nno \xff UTF-8\n" + b"bad\n" * 40
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    main(["predict", model_path])
    texts = [answer["text"] for answer in rows(capsys)]
    assert texts == ["a good film", "", "no \ufffd UTF-8"] + ["bad"] * 40


@pytest.mark.parametrize("place", [0, 1, 3])
def test_predict_takes_signature_at_any_place(exported, capsys, place):
    model, path = exported("translation_gru_attention")
    arguments = [str(path), "Ein Hund", "Hund"]
    arguments[place:place] = ["--signature", "beam"]
    assert main(["predict", *arguments]) == 0
    answers = rows(capsys)
    assert [answer["text"] for answer in answers] == ["Ein Hund", "Hund"]
    beams = [len(answer["translations"]) for answer in answers]
    assert beams == [model.config.beam_size] * 2


def test_predict_takes_json_for_inputs_that_are_no_texts(model_path, capsys):
    asked = ['{"ids": [1, 2, 1], "lengths": 2}', '{"ids": [2], "lengths": 1}']
    command = ["predict", model_path, "--signature", "tokens", *asked]
    assert main(command) == 0
    answers = rows(capsys)
    assert [answer["classes"] for answer in answers] == [["negative", "positive"]] * 2
    # What is not a text is not repeated.
    assert all("ids" not in answer for answer in answers)


def test_predict_takes_json_lines_of_standard_input(model_path, capsys, monkeypatch):
    lines = b'{"ids": [1, 2, 1], "lengths": 2}\n' * 40
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    assert main(["predict", model_path, "--signature", "tokens"]) == 0
    assert len(rows(capsys)) == 40


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a good film", "JSON.*'a good film'"),
        ("[1, 2]", "lengths.*list"),
        ('{"ids": [1]}', r"lengths.*\['ids'\]"),
        ('{"ids": [1.5], "lengths": 1}', "`ids`, row 0"),
        ('{"ids": [null], "lengths": 1}', "`ids`, row 0"),
        ('{"ids": ["a"], "lengths": 1}', "a"),
        ('{"ids": [10000000000], "lengths": 1}', "`ids`, row 0"),
    ],
)
def test_predict_with_json_that_does_not_fit_reports_it(
    model_path, capsys, row, message
):
    with pytest.raises(SystemExit) as stop:
        main(["predict", model_path, "--signature", "tokens", row])
    assert stop.value.code == 2
    assert re.search(f"error: .*{message}", capsys.readouterr().err)


@pytest.fixture
def tagger_path(exported):
    return str(exported("tagging_gru")[1])


def test_predict_with_number_for_a_text_reports_it(tagger_path, capsys):
    row = '{"tokens": ["Go", 3], "lengths": 2}'
    with pytest.raises(SystemExit) as stop:
        main(["predict", tagger_path, "--signature", "tokens", row])
    assert stop.value.code == 2
    assert re.search("error: .*`tokens`, row 0.*3", capsys.readouterr().err)


def test_predict_strips_padding_of_tags(tagger_path, capsys):
    main(["predict", tagger_path, "Go", "Bonn lies there"])
    answers = rows(capsys)
    tokens = [answer["tokens"] for answer in answers]
    assert tokens == [["Go"], ["Bonn", "lies", "there"]]
    assert [len(answer["tags"]) for answer in answers] == [1, 3]


@pytest.mark.parametrize("option", [["--signatur=beam"], ["--beam", "2"]])
def test_predict_with_unknown_option_is_a_usage_error(model_path, capsys, option):
    with pytest.raises(SystemExit) as stop:
        main(["predict", model_path, "text", "--beams", *option])
    assert stop.value.code == 2
    assert "--beams" in capsys.readouterr().err


def test_predict_with_unknown_signature_reports_it(model_path, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["predict", model_path, "text", "--signature", "beam"])
    assert stop.value.code == 2
    assert "signature 'beam'" in capsys.readouterr().err


def test_predict_without_model_reports_it(tmp_path, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["predict", str(tmp_path / "nothing"), "text"])
    assert stop.value.code == 2
    assert str(tmp_path / "nothing" / "saved_model.pb") in capsys.readouterr().err


def test_predict_of_broken_model_reports_it(tmp_path, capsys):
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "saved_model.pb").write_bytes(b"no protocol buffer")
    with pytest.raises(SystemExit) as stop:
        main(["predict", str(tmp_path), "text"])
    assert stop.value.code == 2
    assert "error: " in capsys.readouterr().err


def test_predict_to_terminal_without_unicode_escapes_letters(model_path, monkeypatch):
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    main(["predict", model_path, "\U0001f600"])
    out.seek(0)
    assert json.loads(out.read())["text"] == "\U0001f600"


def test_list_prints_recipes_that_match(capsys):
    main(["list", "t*_gru"])
    assert capsys.readouterr().out == "tagging_gru\ntranslation_gru\n"


@pytest.fixture
def train(tmp_path, monkeypatch):
    """Runs `train` without compiled steps and without an export."""
    eager = property(lambda model: True, lambda model, value: None)
    monkeypatch.setattr(keras.Model, "run_eagerly", eager)
    monkeypatch.setattr(
        Task, "export_saved_model", lambda model, directory, about: Path(directory, "1")
    )
    place = ["--output", str(tmp_path)]
    return lambda *arguments: main(["train", *arguments, *place])


@pytest.mark.parametrize(
    ("recipe", "flags"),
    [
        ("sentiment_bag_of_words", ["--max-length", "8"]),
        ("tagging_gru", ["--units", "4", "--max-length", "8"]),
    ],
)
def test_train_runs_a_recipe_of_any_task(train, recipe, flags, tmp_path):
    flags = ["--dry-run", "--seed", "3", *flags]
    assert train(recipe, *flags) == 0
    metrics = json.loads((tmp_path / "dry-run" / "metrics.json").read_text())
    assert (metrics["recipe"], metrics["seed"]) == (recipe, 3)
    # The same command once more.
    command = ["python", "-m", "rnnzoo", "train", recipe, *flags]
    assert shlex.split(metrics["command"])[: len(command)] == command


def test_train_unknown_recipe_suggests_nearest(train):
    with pytest.raises(SystemExit, match=r"^error: .*_grru'.*'sentiment_gru'"):
        train("sentiment_grru", "--dry-run")


def test_train_help_is_that_of_the_recipe(train, capsys):
    with pytest.raises(SystemExit) as stop:
        train("tagging_gru", "--help")
    assert stop.value.code == 0
    assert "--word-vectors" in capsys.readouterr().out


def test_train_without_recipe_is_a_usage_error(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["train"])
    assert stop.value.code == 2
    assert "recipe" in capsys.readouterr().err


def test_main_without_command_is_a_usage_error(capsys):
    with pytest.raises(SystemExit):
        main([])
    assert "predict" not in capsys.readouterr().out
