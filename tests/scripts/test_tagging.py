"""The tagging script, run as a user runs it."""

import json

import pytest
from harness.scripts import load

from rnnzoo.data.splits import Splits
from rnnzoo.tasks.tagging.model import Tagger
from rnnzoo.training.fit import read_log

TINY = ["--units=4", "--embedding-dim=4", "--max-length=8"]


@pytest.fixture
def script(uncompiled_steps, tmp_path):
    """Its `main`, which compiles no step and writes to a temporary folder."""
    module = load("recipes/tagging.py")

    def run(*arguments, output="run"):
        places = ["--output", str(tmp_path / output), "--export-dir", str(tmp_path)]
        return module.main([*arguments, *places])

    return run


def test_script_writes_metrics_pictures_and_export(
    script, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("COLUMNS", "200")  # of the terminal
    metrics = script("--dry-run", *TINY)
    run = tmp_path / "run" / "dry-run"
    assert json.loads((run / "metrics.json").read_text()) == metrics
    assert {path.name for path in run.iterdir()} >= {
        *("metrics.json", "epochs.csv", "learning_curves.png", "confusion.png"),
        "scores.txt",
    }
    assert metrics["metric"] == "f1"
    assert metrics["dataset"] == "names 1.1.0"
    assert metrics["split"] == "test (96 sentences)"
    assert (run / "tagging_bilstm_crf" / "1" / "saved_model.pb").exists()
    assert not (run / "backup").exists()
    printed = capsys.readouterr().out
    assert "Test on names 1.1.0:" in printed
    assert printed.count("\ntruth  ") == 3


@pytest.mark.usefixtures("unexported")
def test_script_trains_on_files_of_the_user(script, tmp_path):
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


def test_script_with_word_vectors_of_other_size_raises(script, tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("Go 0.5 0.5\n")
    with pytest.raises(ValueError, match=r"vectors\.txt, line 1: .*4"):
        script("--dry-run", "--word-vectors", str(path), *TINY)


@pytest.mark.usefixtures("unexported")
def test_script_with_intents_keeps_epoch_with_most_whole_sentences(
    script, sentences, loads, tmp_path, capsys
):
    parts = dict.fromkeys(("train", "validation", "test"), sentences)
    loads(Tagger, Splits(name="requests", version="1.0.0", **parts))
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


def test_script_with_intents_that_the_data_lack_raises(script):
    with pytest.raises(ValueError, match="intent"):
        script("--dry-run", "--intent", *TINY)


def test_script_with_recipe_of_other_task_raises(script):
    with pytest.raises(ValueError, match="recipe 'sentiment_gru'"):
        script("--recipe", "sentiment_gru")


@pytest.mark.usefixtures("unexported")
def test_script_measures_a_trained_run_again(script, tmp_path, request):
    path = tmp_path / "it.conll"
    path.write_text("Bonn B-LOC\nlies O\n\n" * 8)
    files = ["--train-file", str(path), "--test-file", str(path), "--epochs", "1"]
    first = script(*files, *TINY)
    request.getfixturevalue("no_training")
    trained = ["--trained", str(tmp_path / "run")]
    second = script(*files, *TINY, *trained, output="other")
    same = ("f1", "accuracy", "seconds", "epochs", "parameters")
    assert [first[name] for name in same] == [second[name] for name in same]


@pytest.mark.usefixtures("no_training")
def test_script_with_test_tag_that_marks_no_span_raises_before_training(
    script, tmp_path
):
    train, test = tmp_path / "train.conll", tmp_path / "test.conll"
    train.write_text("Bonn B-LOC\nlies O\n\n" * 20)
    test.write_text("Bonn LOC\n\n")
    message = r"test\.conll, sentence 0: .*'LOC'"
    with pytest.raises(ValueError, match=message):
        script("--train-file", str(train), "--test-file", str(test), *TINY)
    assert not (tmp_path / "run").exists()
