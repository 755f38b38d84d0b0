"""What the training scripts share."""

import argparse
import io
import os
import sys

import pytest
from harness.models import small

from rnnzoo.data.splits import Splits
from rnnzoo.training import runner as script
from rnnzoo.training.runner import parse_script, run_script, script_parser

SETTINGS = {"units": int, "crf": bool}


class Documented:
    """Something.

    Args:
        units: how many there
            are, in 100% of the layers.
        crf: whether it has one.

    It says: no more.
    """


def parsed(*argv, parts=()):
    parser = script_parser("Trains.", "sentiment", "sentiment_gru")
    parser.add_argument("--text")
    return parse_script(parser, argv, SETTINGS, [Documented], parts=parts)


def test_defaults():
    arguments, settings = parsed()
    assert settings == {}
    assert arguments.recipe == "sentiment_gru"
    assert arguments.output == "runs/sentiment_gru-embedded-0"
    assert arguments.export_dir == "saved_models"


def test_what_is_taken_of_the_data_stands_in_the_name():
    asked = ("--dataset", "a/b", "--text", "title")
    assert parsed(*asked)[0].output == "runs/sentiment_gru-a-b-0"
    arguments, _ = parsed(*asked, parts=["text"])
    assert arguments.output == "runs/sentiment_gru-a-b-title-0"
    assert parsed(parts=["text"])[0].output == "runs/sentiment_gru-embedded-0"


def test_the_help_tells_what_the_docstrings_do(capsys):
    with pytest.raises(SystemExit):
        parsed("--help")
    text = " ".join(capsys.readouterr().out.split())
    assert "--units INT how many there are, in 100% of the layers --crf" in text
    assert "--crf, --no-crf whether it has one" in text


def test_settings_that_are_given():
    assert parsed("--units", "3", "--no-crf")[1] == {"units": 3, "crf": False}


def test_a_dry_run_publishes_nothing():
    arguments, _ = parsed("--dry-run", "--epochs", "9")
    assert (arguments.output, arguments.export_dir) == ("runs/dry-run",) * 2
    arguments, _ = parsed("--dry-run", "--output", "a", "--export-dir", "b")
    assert (arguments.output, arguments.export_dir) == ("a/dry-run",) * 2
    assert arguments.epochs == 1


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--seed", "-1"], "--seed must not be negative, got -1"),
        (["--epochs", "0"], "--epochs must be 1 at least, got 0"),
        (["--patience", "0"], "--patience must be 1 at least, got 0"),
        (["--dry-run", "--results", "x"], "--results takes no --dry-run"),
    ],
)
def test_what_does_not_go(argv, message, capsys):
    with pytest.raises(SystemExit):
        parsed(*argv)
    assert message in capsys.readouterr().err


def test_an_error_is_one_sentence():
    def main():
        raise ValueError("No such thing.")

    with pytest.raises(SystemExit, match=r"^error: No such thing\.$"):
        run_script(main)


def test_letters_that_the_terminal_does_not_know(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    run_script(lambda: print("Straße", flush=True))
    assert written.getvalue() == b"Stra?e" + os.linesep.encode()


@pytest.fixture
def trained(monkeypatch, translations, tmp_path):
    """How a script would train, by its arguments and settings of the model."""

    def fit_with(arguments=(), **settings):
        model = small("translation_gru", translations, vocabulary="word", **settings)
        asked = {"epochs": 1, "seed": 0, "patience": None, "average": 1}
        asked |= {"trained": None, "output": str(settings), **settings}
        data = Splits("it", "1.0.0", *[translations] * 3)
        asked = argparse.Namespace(**{**asked, **dict(arguments)})
        return script.train(model, data, asked, tmp_path, monitor="val_bleu")

    monkeypatch.setattr(script, "fit_best", lambda *given, **how: (given[5], how))
    return fit_with


def test_a_run_goes_on_however_it_is_asked(trained):
    """But not where something else would be trained."""
    (before, _), (after, _) = trained(beam_size=2), trained(beam_size=3)
    assert before == after == trained(length_penalty=0.5, steps_per_token=3)[0]
    assert trained(dropout=0.2)[0] != trained(dropout=0.3)[0]


def test_when_training_ends_and_of_how_many_epochs_the_mean_is(trained):
    _, how = trained({"patience": 3, "average": 2})
    assert how == {"patience": 3, "average": 2, "monitor": "val_bleu"}
