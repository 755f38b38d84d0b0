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
WORDS = ["--recipe", "sentiment_bag_of_words"]


@pytest.fixture
def compiled_script(tmp_path):
    """The script's `main`, which writes to a temporary folder."""
    module = load("recipes/sentiment.py")

    def run(*arguments, output="run"):
        return module.main([*arguments, *places(tmp_path, output)])

    return run


@pytest.fixture
def script(compiled_script, uncompiled_steps):
    """The same, without compiled steps."""
    return compiled_script


def places(folder, output="run"):
    return ["--output", str(folder / output), "--export-dir", str(folder / "models")]


@pytest.mark.parametrize(
    ("recipe", "settings"),
    [
        pytest.param("sentiment_lstm", TINY, marks=pytest.mark.slow),
        ("sentiment_bag_of_words", ["--max-length=8"]),
    ],
)
def test_script_writes_metrics_pictures_and_export(
    compiled_script, recipe, settings, tmp_path, capsys
):
    results = tmp_path / "results.csv"
    arguments = ["--recipe", recipe, "--epochs", "1", *settings]
    metrics = compiled_script(*arguments, "--results", str(results))
    run = tmp_path / "run"
    assert json.loads((run / "metrics.json").read_text()) == metrics
    assert {path.name for path in run.iterdir()} >= {
        *("metrics.json", "epochs.csv", "learning_curves.png", "confusion.png"),
        "model.keras",
    }
    assert not (run / "backup").exists()
    version = tmp_path / "models" / recipe / "1"
    assert (version / "saved_model.pb").exists()
    card = (version / "model_card.md").read_text()
    assert "* data: reviews 1.0.0\n" in card
    assert f"* metrics: accuracy {metrics['accuracy']} on test (2000 texts)" in card
    header, row = results.read_text().splitlines()
    assert header.startswith("recipe,dataset,split,metric,value")
    assert row.startswith(f"{recipe},reviews 1.0.0,test (2000 texts),accuracy,")
    assert metrics["value"] == metrics["accuracy"]
    command = f"python recipes/sentiment.py --recipe {recipe}"
    assert metrics["command"].startswith(command)
    printed = capsys.readouterr().out
    assert "Test accuracy on reviews 1.0.0:" in printed
    # The last line asks what was exported.
    asks = f"Ask it: python -m rnnzoo predict {version.parent} "
    assert printed.splitlines()[-1].startswith(asks)


@pytest.mark.usefixtures("unexported")
def test_script_with_baseline_prints_it_beside(script, capsys):
    metrics = script("--dry-run", *TINY, "--baseline")
    assert 0 <= metrics["bag_of_words"] <= 1
    printed = capsys.readouterr().out
    assert "sentiment_bag_of_words (the baseline) on reviews 1.0.0" in printed
    baseline = rf"sentiment_bag_of_words +{metrics['bag_of_words']:.4f}"
    assert re.search(baseline, printed)
    assert re.search(rf"most frequent label +{metrics['majority']:.4f}", printed)


@pytest.mark.usefixtures("unexported")
def test_script_without_baseline_leaves_its_column_empty(script, capsys):
    assert script("--dry-run", *TINY)["bag_of_words"] is None
    assert "sentiment_bag_of_words" not in capsys.readouterr().out


@pytest.mark.usefixtures("unexported")
def test_script_flags_reach_the_model(script, tmp_path):
    script(
        *("--dry-run", *TINY, "--num-layers", "2", "--bidirectional"),
        *("--clipnorm", "none", "--learning-rate-schedule", "constant"),
    )
    settings = json.loads((tmp_path / "run/dry-run/settings.json").read_text())
    assert (settings["num_layers"], settings["bidirectional"]) == (2, True)
    assert settings["clipnorm"] is None
    assert settings["learning_rate_schedule"] == "constant"


@pytest.mark.usefixtures("unexported")
def test_script_with_same_seed_gives_same_result(script):
    first, second = (script(*WORDS, "--dry-run", "--seed", "3") for _ in range(2))
    del first["seconds"], second["seconds"]
    assert first == second


@pytest.mark.usefixtures("unexported")
def test_script_trains_on_files_of_the_user(script, tmp_path, capsys):
    train, test = tmp_path / "train.csv", tmp_path / "test.csv"
    train.write_text("review,stars\n" + "good film,five\nbad,one\n" * 20)
    test.write_text('review,stars\n"good, too",five\nbad,one\n')
    metrics = script(
        *(*WORDS, "--epochs", "1", "--max-length", "8"),
        *("--train-file", str(train), "--test-file", str(test)),
        *("--text-column", "review", "--label-column", "stars"),
        *("--results", str(tmp_path / "results.csv")),
    )
    assert metrics["dataset"] == "train.csv of the user"
    assert metrics["split"] == "test.csv (2 texts)"
    assert metrics["majority"] == 0.5
    assert "train.csv of the user" in (tmp_path / "results.csv").read_text()
    assert "'good, too'" in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.usefixtures("unexported")
def test_script_measures_a_trained_run_again(script, tmp_path, request):
    first = script(*WORDS, "--epochs", "1", "--max-length", "8")
    before = (tmp_path / "run" / "metrics.json").read_text()
    request.getfixturevalue("no_training")
    trained = ["--trained", str(tmp_path / "run")]
    again = [*WORDS, "--epochs", "1", "--max-length", "8", *trained]
    second = script(*again, output="other")
    same = ("accuracy", "seconds", "epochs", "parameters")
    assert [first[name] for name in same] == [second[name] for name in same]
    assert (tmp_path / "run" / "metrics.json").read_text() == before
    with pytest.raises(ValueError, match="max_length was 8, is 9"):
        script(*again, "--max-length", "9", output="other")
    with pytest.raises(ValueError, match="nothing"):
        script(*again[:-1], str(tmp_path / "nothing"), output="other")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--recipe", "sentiment_ltsm"], "Did you mean 'sentiment_lstm'?"),
        (["--dataset", "imdb_review"], "Did you mean 'imdb_reviews'"),
    ],
)
def test_script_with_unknown_name_suggests_nearest(script, arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        script(*arguments)


def test_script_reports_an_error_without_traceback(tmp_path):
    command = [sys.executable, str(SCRIPT), "--dataset", "nothing", *places(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 1
    assert re.search("^error: .*'nothing'", run.stderr, re.MULTILINE)
    assert "Traceback" not in run.stderr


def test_script_killed_in_export_does_not_train_again(
    script, tmp_path, monkeypatch, capsys
):
    def killed(model, signatures, path):
        os.makedirs(path)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("rnnzoo.export.saved_model._write", killed)
        script("--epochs", "1", *WORDS, "--max-length", "8")
    exported = tmp_path / "models" / "sentiment_bag_of_words"
    assert not (exported / "1").exists()
    capsys.readouterr()
    script("--epochs", "1", *WORDS, "--max-length", "8")
    assert "Epoch 1/1" not in capsys.readouterr().out
    assert (exported / "1" / "saved_model.pb").exists()


def test_script_in_dry_run_takes_no_results(script, capsys):
    with pytest.raises(SystemExit):
        script("--dry-run", "--results", "results.csv")
    assert "--results takes no --dry-run" in capsys.readouterr().err


@pytest.mark.slow
def test_script_killed_in_epoch_resumes_it(tmp_path):
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
