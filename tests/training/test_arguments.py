"""The command line of a run."""

import re

import pytest

from rnnzoo.tasks.classification.model import TextClassifier
from rnnzoo.tasks.tagging.model import Tagger
from rnnzoo.tasks.translation.model import Translator
from rnnzoo.training.arguments import parse_arguments

DEFAULTS = {
    TextClassifier: "sentiment_lstm",
    Tagger: "tagging_bilstm_crf",
    Translator: "translation_gru_attention",
}
TASKS = pytest.mark.parametrize("task", DEFAULTS)


def parsed(*argv, task=TextClassifier):
    return parse_arguments(argv, task, DEFAULTS[task], "Trains it.\n\n    Like this.")


def output(*argv, task=TextClassifier):
    return parsed(*argv, task=task).arguments.output


def usage_error(capsys, *argv, task=TextClassifier):
    with pytest.raises(SystemExit) as stop:
        parsed(*argv, task=task)
    assert stop.value.code == 2
    return capsys.readouterr().err


def help_text(capsys, *argv, task=TextClassifier):
    with pytest.raises(SystemExit) as stop:
        parsed(*argv, "--help", task=task)
    assert stop.value.code == 0
    return " ".join(capsys.readouterr().out.split())


@TASKS
def test_parse_without_flags_returns_defaults(task):
    arguments, settings, data, adapt, report = parsed(task=task)
    recipe = DEFAULTS[task]
    assert arguments.recipe == recipe
    assert (arguments.epochs, arguments.patience) == (task.epochs, task.patience)
    assert (arguments.seed, arguments.average, arguments.trained) == (0, 1, None)
    assert arguments.output == f"runs/{recipe}-embedded-0"
    assert arguments.export_dir == "saved_models"
    assert data == {"name": "embedded"}
    assert settings == adapt == report == {}


def test_parse_returns_settings_that_are_given():
    argv = ["--units", "3", "--no-crf", "--learning-rate", "0.5", "--cell", "gru"]
    assert parsed(*argv, task=Tagger).settings == {
        **{"units": 3, "crf": False, "learning_rate": 0.5, "cell": "gru"}
    }


@pytest.mark.parametrize(
    ("task", "argv", "settings"),
    [
        (TextClassifier, ["--clipnorm", "none"], {"clipnorm": None}),
        (TextClassifier, ["--clipnorm", "2"], {"clipnorm": 2.0}),
        (
            TextClassifier,
            ["--learning-rate-schedule", "constant"],
            {"learning_rate_schedule": "constant"},
        ),
        (TextClassifier, ["--class-names", "a,b"], {"class_names": ("a", "b")}),
        (
            Translator,
            ["--attention", "none", "--no-conditional"],
            {"attention": None, "conditional": False},
        ),
        (Translator, ["--attention", "general"], {"attention": "general"}),
        (Translator, ["--figure", "bleu"], {"figure": "bleu"}),
        (Translator, ["--no-share-embeddings"], {"share_embeddings": False}),
        (Translator, ["--beam-size", "12"], {"beam_size": 12}),
    ],
)
def test_parse_setting_has_its_type(task, argv, settings):
    assert parsed(*argv, task=task).settings == settings


@TASKS
def test_parse_accepts_a_flag_for_every_setting(task):
    argv = []
    for name, setting in task.Config.settings().items():
        flag = name.replace("_", "-")
        if setting.kind.parse is bool:
            argv.append(f"--{flag}" if setting.default else f"--no-{flag}")
        else:
            argv.append(f"--{flag}={str(setting.default).lower()}")
    assert parsed(*argv, task=task).settings.keys() == task.Config.settings().keys()


def test_parse_settings_that_do_not_go_together_raise_at_once():
    with pytest.raises(ValueError, match=r"`constrained`.*crf"):
        parsed("--no-crf", "--constrained", task=Tagger)


def test_parse_takes_settings_of_the_chosen_recipe(capsys):
    """Word counts have no recurrent layer, or a weight of their own."""
    chosen = ["--recipe", "sentiment_bag_of_words"]
    assert "--units" in usage_error(capsys, *chosen, "--units", "3")
    chosen = ["--recipe", "sentiment_lstm_with_word_counts"]
    settings = parsed(*chosen, "--count-weight", "0.25").settings
    assert settings == {"count_weight": 0.25}


@pytest.mark.parametrize(
    ("recipe", "suggestion"),
    [("sentiment_ltsm", "'sentiment_lstm'"), ("tagging_gru", "")],
)
def test_parse_recipe_of_no_such_name_raises(recipe, suggestion):
    with pytest.raises(ValueError, match=f"recipe '{recipe}'.*{suggestion}"):
        parsed("--recipe", recipe)


def test_parse_returns_arguments_of_load_adapt_and_report():
    argv = ["--train-file", "a", "--test-file", "b", "--column", "1"]
    files = {"train_file": "a", "test_file": "b", "column": 1, "name": "embedded"}
    result = parsed(*argv, "--word-vectors", "glove.txt", task=Tagger)
    assert (result.data, result.adapt) == (files, {"word_vectors": "glove.txt"})
    argv = ["--train-files", "a.en", "a.de", "--beside", "runs/a", "runs/b"]
    result = parsed(*argv, task=Translator)
    assert result.data["train_files"] == ["a.en", "a.de"]
    assert result.report == {"beside": ["runs/a", "runs/b"]}


@pytest.mark.parametrize(
    ("task", "argv", "folder"),
    [
        (TextClassifier, ["--dataset", "glue/sst2", "--seed", "4"], "glue-sst2-4"),
        (TextClassifier, ["--dataset", "a", "--text", "title"], "a-title-0"),
        (
            TextClassifier,
            ["--train-file", "my/a.csv", "--test-file", "b.csv"],
            "a.csv-0",
        ),
        (Tagger, ["--dataset", "a", "--tags", "upos"], "a-upos-0"),
        (
            Tagger,
            ["--train-file", "my/a.conll", "--test-file", "b.conll"],
            "a.conll-0",
        ),
        (
            Translator,
            ["--dataset", "multi30k", "--source", "en", "--target", "fr"],
            "multi30k-en-fr-0",
        ),
        (
            Translator,
            ["--train-files", "my/a.en", "my/a.fr", "--test-files", "b.en", "b.fr"],
            "a.en-a.fr-0",
        ),
    ],
)
def test_output_names_recipe_data_and_seed(task, argv, folder):
    assert output(*argv, task=task) == f"runs/{DEFAULTS[task]}-{folder}"


def test_output_of_trained_run_is_another_folder():
    assert output("--trained", "runs/mine/") == "runs/mine-again"
    assert output("--trained", "runs/mine", "--output", "other") == "other"


def test_dry_run_writes_to_a_folder_of_its_own():
    arguments = parsed("--dry-run", "--epochs", "9").arguments
    assert (arguments.output, arguments.export_dir) == ("runs/dry-run",) * 2
    assert arguments.epochs == 1
    arguments = parsed("--dry-run", "--output", "a", "--export-dir", "b").arguments
    assert (arguments.output, arguments.export_dir) == ("a/dry-run",) * 2


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--seed", "-1"], "--seed.*-1"),
        (["--epochs", "0"], "--epochs.* 0"),
        (["--patience", "0"], "--patience.* 0"),
        (["--average", "0"], "--average.* 0"),
        (["--dry-run", "--results", "x"], "--results.*--dry-run"),
        (["--dry-run", "--trained", "x"], "--trained.*--dry-run"),
        (["--output", "run", "--trained", "./run/"], "--output.*--trained"),
        (["--units", "many"], "--units.*'many'"),
        (["--word-counts"], "--word-counts"),
    ],
)
def test_parse_wrong_command_line_is_refused(capsys, argv, message):
    assert re.search(f"error: .*{message}", usage_error(capsys, *argv))


def test_parse_baseline_flag_only_where_there_is_one(capsys):
    assert parsed().arguments.baseline
    assert not parsed("--no-baseline").arguments.baseline
    assert "--no-baseline" in usage_error(capsys, "--no-baseline", task=Tagger)


def test_help_shows_docstrings_and_defaults_of_the_recipe(capsys):
    text = help_text(capsys, "--recipe", "sentiment_simple_rnn")
    assert "Trains it. Like this." in text
    assert "--units INT Size of the recurrent state, per direction. Default" in text
    assert "--bidirectional, --no-bidirectional Whether every layer" in text
    assert "reads from the end. Default: True." in text
    assert "{cosine,constant}" in text
    assert "5 % of the training split are held out" in text


@TASKS
def test_help_describes_every_flag(capsys, task):
    text = help_text(capsys, task=task)
    for name in (*parsed(task=task).arguments.__dict__, *task.Config.settings()):
        flag = f"--{name.replace('_', '-')}"
        _, _, behind = text.partition(f" {flag}")
        assert behind, flag
    assert "None None" not in text
