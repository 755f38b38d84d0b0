"""What the training scripts share."""

import pytest

from rnnzoo.script import parse_script, run_script, script_parser

SETTINGS = {"units": int, "crf": bool}


def parsed(*argv):
    parser = script_parser("Trains.", "sentiment", "sentiment_gru")
    return parse_script(parser, argv, SETTINGS, "TextClassifier")


def test_defaults():
    arguments, settings = parsed()
    assert settings == {}
    assert arguments.recipe == "sentiment_gru"
    assert arguments.output == "runs/sentiment_gru-embedded-0"
    assert arguments.export_dir == "saved_models"


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
