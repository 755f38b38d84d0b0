"""The tagging script, run as a user runs it."""

import json

import keras
import pytest
from harness.scripts import load

TINY = ["--units=4", "--embedding-dim=4", "--max-length=16"]


@pytest.fixture
def script(tmp_path, monkeypatch):
    """The script's `main`, which writes to a temporary folder and compiles no step."""
    eager = property(lambda model: True, lambda model, value: None)
    monkeypatch.setattr(keras.Model, "run_eagerly", eager)
    module = load("recipes/tagging.py")
    places = ["--output", str(tmp_path / "run"), "--export-dir", str(tmp_path)]
    return lambda *arguments: module.main([*arguments, *places])


def test_all_that_it_writes(script, tmp_path, capsys):
    metrics = script("--dry-run", *TINY)
    run = tmp_path / "run"
    assert json.loads((run / "metrics.json").read_text()) == metrics
    assert {path.name for path in run.iterdir()} >= {
        *("metrics.json", "epochs.csv", "learning_curves.png", "confusion.png"),
        "scores.txt",
    }
    assert metrics["metric"] == "f1"
    assert (tmp_path / "tagging_bilstm_crf" / "1" / "saved_model.pb").exists()
    assert not (run / "backup").exists()
    printed = capsys.readouterr().out
    assert "Test on embedded 1.0.0:" in printed
    assert printed.count("\ntruth  ") == 3


def test_files_of_the_user(script, tmp_path):
    train, test = tmp_path / "train.conll", tmp_path / "test.conll"
    train.write_text("Go VERB x\nhome NOUN x\n\nIt PRON x\n\n" * 8)
    test.write_text("It PRON x\nrains VERB x\n\nGo NEW x\n")
    metrics = script(
        *("--train-file", str(train), "--test-file", str(test), "--column", "1"),
        *("--recipe", "tagging_char_bilstm", "--epochs", "1", *TINY),
        *("--results", str(tmp_path / "results.csv")),
    )
    assert metrics["metric"] == "accuracy"
    assert metrics["split"] == "test.conll (2 sentences)"
    assert metrics["frequent_tags"] == pytest.approx(1 / 3, abs=1e-4)
    assert (tmp_path / "results.csv").read_text().startswith("recipe,dataset,split")


def test_intents_that_are_not_there(script):
    with pytest.raises(ValueError, match="have no intents: leave out --intent"):
        script("--dry-run", "--intent", *TINY)


def test_a_recipe_for_something_else(script):
    with pytest.raises(ValueError, match="Unknown recipe 'sentiment_gru'"):
        script("--recipe", "sentiment_gru")


def test_half_of_the_files(script, capsys):
    with pytest.raises(SystemExit):
        script("--train-file", "train.conll")
    assert "--train-file and --test-file go together" in capsys.readouterr().err
