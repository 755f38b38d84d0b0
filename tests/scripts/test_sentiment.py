"""The sentiment script, run as a user runs it."""

import json
import os
import re
import signal
import subprocess
import sys

import pytest
from harness.scripts import ROOT, load

SCRIPT = ROOT / "recipes" / "sentiment.py"
# One length of sequences, so that XLA compiles once.
TINY = ["--units=4", "--embedding-dim=4", "--max-length=8", "--no-baseline"]


@pytest.fixture
def compiled_script(tmp_path):
    """The script's `main`, with all that it writes in a temporary folder."""
    module = load("recipes/sentiment.py")
    return lambda *arguments: module.main([*arguments, *places(tmp_path)])


@pytest.fixture
def script(compiled_script, uncompiled_steps):
    """The same, where three batches do not wait for a compiled step."""
    return compiled_script


def places(folder):
    return ["--output", str(folder / "run"), "--export-dir", str(folder / "models")]


@pytest.mark.parametrize(
    "recipe",
    [
        pytest.param("sentiment_lstm", marks=pytest.mark.slow),
        "sentiment_bag_of_words",
    ],
)
def test_all_that_it_writes(compiled_script, recipe, tmp_path, capsys):
    results = tmp_path / "results.csv"
    arguments = ["--recipe", recipe, "--epochs", "1", *TINY]
    metrics = compiled_script(*arguments, "--results", str(results))
    run = tmp_path / "run"
    assert json.loads((run / "metrics.json").read_text()) == metrics
    assert {path.name for path in run.iterdir()} >= {
        *("metrics.json", "epochs.csv", "learning_curves.png", "confusion.png")
    }
    assert (tmp_path / "models" / recipe / "1" / "saved_model.pb").exists()
    header, row = results.read_text().splitlines()
    assert header.startswith("recipe,dataset,split,metric,value")
    assert row.startswith(f"{recipe},embedded 1.0.0,test (2000),accuracy,")
    assert metrics["command"].startswith(
        f"python recipes/sentiment.py --recipe {recipe}"
    )
    assert not (run / "backup").exists()
    assert "Test accuracy on embedded" in capsys.readouterr().out


@pytest.mark.usefixtures("unexported")
def test_baseline_is_printed_beside_it(script, capsys):
    metrics = script("--dry-run", *TINY, "--baseline")
    assert 0 <= metrics["bag_of_words"] <= 1
    printed = capsys.readouterr().out
    assert f"sentiment_bag_of_words   {metrics['bag_of_words']:.4f}" in printed


@pytest.mark.usefixtures("unexported")
def test_settings_reach_the_model(script, tmp_path):
    script("--dry-run", *TINY, "--num-layers", "2", "--no-word-counts")
    settings = json.loads((tmp_path / "run/dry-run/settings.json").read_text())
    assert settings["num_layers"] == 2
    assert settings["word_counts"] is False


@pytest.mark.usefixtures("unexported")
def test_same_seed_same_result(script, tmp_path):
    words = ["--recipe", "sentiment_bag_of_words", "--dry-run", "--seed", "3"]
    first, second = (script(*words) for _ in range(2))
    del first["seconds"], second["seconds"]
    assert first == second


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--recipe", "sentiment_ltsm"], "Did you mean 'sentiment_lstm'?"),
        (["--dataset", "imdb_review"], "Did you mean 'imdb_reviews'"),
    ],
)
def test_bad_names_are_one_sentence(script, arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        script(*arguments)


def test_an_error_is_a_sentence_and_no_traceback(tmp_path):
    command = [sys.executable, str(SCRIPT), "--dataset", "nothing", *places(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 1
    assert "error: There is no data set 'nothing'" in run.stderr
    assert "Traceback" not in run.stderr


def test_killed_in_the_export_and_run_again(script, tmp_path, monkeypatch, capsys):
    def killed(model, signatures, path):
        os.makedirs(path)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("rnnzoo.export.saved_model._write", killed)
        script("--dry-run", *TINY)
    exported = tmp_path / "run/dry-run/sentiment_lstm"
    assert not (exported / "1").exists()
    capsys.readouterr()
    script("--dry-run", *TINY)
    assert "Epoch 1/1" not in capsys.readouterr().out
    assert (exported / "1" / "saved_model.pb").exists()


def test_a_dry_run_is_no_result(script, capsys):
    with pytest.raises(SystemExit):
        script("--dry-run", "--results", "results.csv")
    assert "--results takes no --dry-run" in capsys.readouterr().err


def test_a_dry_run_publishes_nothing(script, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    module = load("recipes/sentiment.py")
    arguments, _ = module.parse(["--dry-run"])
    assert (arguments.output, arguments.export_dir) == ("runs/dry-run", "runs/dry-run")
    arguments, _ = module.parse(["--dataset", "glue/sst2", "--seed", "4"])
    assert arguments.output == "runs/sentiment_lstm-glue-sst2-4"
    assert arguments.export_dir == "saved_models"


@pytest.mark.slow
def test_killed_in_an_epoch_and_run_again(tmp_path):
    command = [sys.executable, str(SCRIPT), *TINY, "--epochs", "3", *places(tmp_path)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    ) as process:
        # The third epoch's first batches are on their way.
        printed = b""
        while b"Epoch 3/3" not in printed:
            news = process.stdout.read1()
            assert news, printed.decode()
            printed += news
        process.send_signal(signal.SIGKILL)
    epochs = tmp_path / "run" / "epochs.csv"
    assert len(epochs.read_text().splitlines()) == 1 + 2
    assert not (tmp_path / "models").exists()
    printed = subprocess.run(command, capture_output=True, check=True).stdout
    assert b"Epoch 3/3" in printed
    assert b"Epoch 2/3" not in printed
    assert len(epochs.read_text().splitlines()) == 1 + 3
    assert (tmp_path / "models" / "sentiment_lstm" / "1" / "saved_model.pb").exists()
