"""What the training scripts share."""

import argparse

import pytest
from harness.models import small

from rnnzoo import script
from rnnzoo.datasets import Splits
from rnnzoo.script import parse_script, run_script, script_parser

SETTINGS = {"units": int, "crf": bool}


class Documented:
    """Something.

    Args:
        units: how many there
            are, in 100% of the layers.
        crf: whether it has one.

    It says: no more.
    """


def parsed(*argv):
    parser = script_parser("Trains.", "sentiment", "sentiment_gru")
    return parse_script(parser, argv, SETTINGS, [Documented])


def test_defaults():
    arguments, settings = parsed()
    assert settings == {}
    assert arguments.recipe == "sentiment_gru"
    assert arguments.output == "runs/sentiment_gru-embedded-0"
    assert arguments.export_dir == "saved_models"


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
    assert arguments.epochs == 1


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--seed", "-1"], "--seed must not be negative, got -1"),
        (["--epochs", "0"], "--epochs must be 1 at least, got 0"),
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


def test_a_run_goes_on_however_it_is_asked(monkeypatch, translations, tmp_path):
    """But not where something else would be trained."""

    def settings(**changed):
        model = small("translation_gru", translations, vocabulary="word", **changed)
        arguments = argparse.Namespace(epochs=1, seed=0, patience=None, average=1)
        vars(arguments).update(trained=None, output=str(changed), **changed)
        data = Splits("it", "1.0.0", *[translations] * 3)
        return script.train(model, data, arguments, tmp_path)

    monkeypatch.setattr(script, "fit_best", lambda *given, **how: given[5])
    assert settings(beam_size=2) == settings(beam_size=3, length_penalty=0.5)
    assert settings(dropout=0.2) != settings(dropout=0.3)
