"""`Run`: a run of a recipe from the command line."""

import argparse
import io
import json
import os
import sys
from pathlib import Path

import pytest
from harness.models import uncompiled

from rnnzoo.data.splits import Splits
from rnnzoo.tasks.translation.model import Translator
from rnnzoo.training import runner
from rnnzoo.training.runner import Run, run_script

TINY = ["--units=4", "--embedding-dim=4", "--max-length=8", "--vocabulary=word"]


@pytest.fixture
def splits(translations) -> Splits:
    return Splits(
        name="it",
        version="1.0.0",
        **dict.fromkeys(("train", "validation", "test"), translations),
        settings={"figure": "exact_match", "class_names": ("a", "b")},
    )


def translation_run(*argv) -> Run:
    argv = ["--recipe", "translation_gru", *TINY, *argv]
    command = "python recipes/translation.py"
    return Run(argv, Translator, "translation_gru_attention", "", command)


@pytest.fixture
def fitted(monkeypatch, splits, tmp_path):
    """Returns what `fit_best` is called with by a run of a command line."""
    calls = []
    monkeypatch.setattr(runner, "fit_best", lambda *_, **how: calls.append(how))

    def fit(*argv):
        run = translation_run("--output", str(tmp_path / "run"), *argv)
        run.fit(uncompiled(run.build(splits)), splits)
        return calls.pop()

    return fit


def test_run_attributes_follow_from_the_command_line():
    run = translation_run("--seed=3", "--dataset=dates", "--beside", "runs/a b")
    assert run.recipe == "translation_gru"
    assert run.data == {"name": "dates"}
    assert run.settings["units"] == 4
    assert (run.adapt, run.seed) == ({}, 3)
    assert run.folder == Path("runs/translation_gru-dates-3")
    assert run.command.startswith("python recipes/translation.py --recipe ")
    assert run.command.endswith(" --seed=3 --dataset=dates --beside 'runs/a b'")


def test_run_without_argv_takes_that_of_the_process(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["translation.py", "--seed", "5"])
    run = Run(None, Translator, "translation_gru", "", "python translation.py")
    assert run.command == "python translation.py --seed 5"
    assert run.seed == 5


def test_build_takes_settings_of_the_data_that_the_model_has(splits):
    """The command line goes before the data."""
    assert translation_run().build(splits).config.figure == "exact_match"
    assert translation_run("--figure=bleu").build(splits).config.figure == "bleu"


def test_build_with_same_seed_draws_the_same_weights(splits):
    def weights(*argv):
        run = translation_run(*argv)
        model = run.build(splits)
        model.adapt(splits.train)
        return [weight.tolist() for weight in model.get_weights()]

    assert weights("--seed=1") == weights("--seed=1") != weights("--seed=2")


def test_limit_keeps_three_batches_in_a_dry_run(splits, tmp_path):
    run = translation_run("--output", str(tmp_path), "--dry-run", "--batch-size=2")
    limited = run.limit(splits)
    parts = limited.train, limited.validation, limited.test
    assert [len(part) for part in parts] == [6] * 3
    assert translation_run().limit(splits) is splits


def test_fit_passes_on_how_training_ends(fitted, tmp_path):
    how = fitted("--epochs=7", "--patience=3", "--average=2", "--figure=bleu")
    assert (how["epochs"], how["patience"], how["average"]) == (7, 3, 2)
    assert (how["monitor"], how["mode"]) == ("val_bleu", "max")
    assert how["directory"] == tmp_path / "run"


def test_fit_measures_validation_after_an_epoch(fitted):
    how = fitted()
    assert how["monitor"] == "val_exact_match"
    assert how["measure"]().keys() >= {"val_exact_match", "val_bleu"}


def test_fit_resumes_with_settings_that_training_does_not_depend_on(fitted):
    search = ["--beam-size=3", "--length-penalty=0.5", "--steps-per-token=3"]
    places = ["--export-dir=elsewhere", "--results=results.csv"]
    how = fitted(*search, *places, "--longest-source=9")
    assert how["settings"] == fitted()["settings"]


def test_fit_does_not_resume_with_other_training_settings(fitted):
    given = {
        **{"dropout": 0.4, "learning_rate": 0.1, "learning_rate_schedule": "constant"},
        **{"clipnorm": 5.0, "figure": "bleu", "seed": 1, "epochs": 3, "patience": 2},
        **{"average": 2},
    }
    flags = [f"--{k.replace('_', '-')}={v}" for k, v in given.items()]
    before, after = fitted()["settings"], fitted(*flags)["settings"]
    assert before.keys() == after.keys()
    assert {k: v for k, v in after.items() if v != before[k]} == given


def test_fit_does_not_resume_on_other_data(fitted, splits):
    before = fitted()["settings"]
    assert json.loads(json.dumps(before)) == before
    object.__setattr__(splits, "train", splits.train.take(6))
    assert fitted()["settings"] != before


def test_run_script_reports_an_error_as_one_sentence():
    def main():
        raise ValueError("No such thing.")

    with pytest.raises(SystemExit, match=r"^error: No such thing\.\n"):
        run_script(main)


def test_run_script_reports_nothing_of_a_run_that_ends_well(capsys):
    run_script(lambda: None)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("error", [TypeError, ValueError, OSError, ImportError])
@pytest.mark.parametrize("dev_mode", [False, True])
def test_run_script_shows_a_traceback_in_dev_mode_only(monkeypatch, error, dev_mode):
    monkeypatch.setattr(sys, "flags", argparse.Namespace(dev_mode=dev_mode))

    def main():
        raise error("No such thing.")

    with pytest.raises(error if dev_mode else SystemExit):
        run_script(main)


def test_run_script_replaces_letters_that_the_terminal_lacks(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    run_script(lambda: print("Straße", flush=True))
    assert written.getvalue() == b"Stra?e" + os.linesep.encode()
