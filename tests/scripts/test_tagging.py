"""The tagging script, run as a user runs it."""

import json

import pytest
from harness.scripts import load

from rnnzoo.tasks.tagging.data import TaggedTexts
from rnnzoo.training.fit import read_log

TINY = ["--units=4", "--embedding-dim=4", "--max-length=8"]


@pytest.fixture
def module(uncompiled_steps):
    """The script, which compiles no step."""
    return load("recipes/tagging.py")


@pytest.fixture
def script(module, tmp_path):
    """Its `main`, which writes to a temporary folder."""
    places = ["--output", str(tmp_path / "run"), "--export-dir", str(tmp_path)]
    return lambda *arguments: module.main([*arguments, *places])


def test_all_that_it_writes(script, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")  # of the terminal
    metrics = script("--dry-run", *TINY)
    run = tmp_path / "run" / "dry-run"
    assert json.loads((run / "metrics.json").read_text()) == metrics
    assert {path.name for path in run.iterdir()} >= {
        *("metrics.json", "epochs.csv", "learning_curves.png", "confusion.png"),
        "scores.txt",
    }
    assert metrics["metric"] == "f1"
    assert (run / "tagging_bilstm_crf" / "1" / "saved_model.pb").exists()
    assert not (run / "backup").exists()
    printed = capsys.readouterr().out
    assert "Test on embedded 1.1.0:" in printed
    assert printed.count("\ntruth  ") == 3


@pytest.mark.usefixtures("unexported")
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


def test_word_vectors_of_another_size(script, tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("Go 0.5 0.5\n")
    with pytest.raises(ValueError, match=r"vectors.txt, line 1: a word and 4"):
        script("--dry-run", "--word-vectors", str(path), *TINY)


@pytest.mark.usefixtures("unexported")
def test_intents(module, script, sentences, monkeypatch, tmp_path, capsys):
    """The best epoch is the one with the most sentences that are right in all."""
    data = TaggedTexts("requests", "1.0.0", *[sentences] * 3)
    monkeypatch.setattr(module, "load_tagged_texts", lambda name, tags: data)
    metrics = script(
        *("--dataset", "requests", "--intent", "--recipe", "tagging_bilstm"),
        *("--epochs", "3", "--learning-rate", "0.05", *TINY),
    )
    log = read_log(tmp_path / "run" / "epochs.csv")
    assert metrics["whole_sentences"] == max(log["val_whole_sentences"])
    assert metrics["whole_sentences"] <= metrics["intent_accuracy"] <= 1
    printed = capsys.readouterr().out
    assert "intent accuracy" in printed
    assert printed.count(", in truth ") == 3


def test_intents_that_are_not_there(script):
    with pytest.raises(ValueError, match="have no intents: leave out --intent"):
        script("--dry-run", "--intent", *TINY)


def test_a_recipe_for_something_else(script):
    with pytest.raises(ValueError, match="Unknown recipe 'sentiment_gru'"):
        script("--recipe", "sentiment_gru")


FILES = ["--train-file", "train.conll", "--test-file", "test.conll"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (FILES[:2], "--train-file and --test-file go together"),
        (FILES[2:], "--train-file and --test-file go together"),
        (["--column", "1"], "--column goes with --train-file"),
        (["--validation-file", "x"], "--validation-file goes with --train-file"),
        ([*FILES, "--tags", "upos"], "--tags goes with --dataset"),
        ([*FILES, "--dataset", "atis"], "--dataset and --train-file do not go"),
    ],
)
def test_arguments_that_do_not_go_together(script, capsys, arguments, message):
    with pytest.raises(SystemExit):
        script(*arguments)
    assert message in capsys.readouterr().err


def test_a_tag_in_the_test_that_tells_no_span(script, tmp_path):
    """Found before the training, not after it."""
    train, test = tmp_path / "train.conll", tmp_path / "test.conll"
    train.write_text("Bonn B-LOC\nlies O\n\n" * 20)
    test.write_text("Bonn LOC\n\n")
    message = r"test.conll, sentence 0: .* such as 'B-LOC', got 'LOC'"
    with pytest.raises(ValueError, match=message):
        script("--train-file", str(train), "--test-file", str(test), *TINY)
    assert not (tmp_path / "run").exists()
