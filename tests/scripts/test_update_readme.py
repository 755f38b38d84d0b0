"""The README's tables are those of the rows in `results/`."""

import shlex

import pytest
from harness.scripts import ROOT, load

from rnnzoo.recipes import build_recipe
from rnnzoo.tasks.classification.model import TextClassifier
from rnnzoo.tasks.tagging.model import Tagger
from rnnzoo.tasks.translation.model import Translator
from rnnzoo.training.arguments import parse_arguments


@pytest.fixture
def script():
    return load("tools/update_readme.py")


def test_readme_has_the_tables_of_the_rows(script):
    text = (ROOT / "README.md").read_text()
    assert "<!-- table: sentiment -->" in text
    assert script.with_tables(text) == text


def test_table_averages_seeds(script, tmp_path, monkeypatch):
    (tmp_path / "sentiment.csv").write_text(
        "recipe,dataset,value,bag_of_words,majority,parameters,seconds,seed,command\n"
        "a,d,0.88,0.85,0.5,12345,60,0,run --x 1 2 --beside runs/b runs/c\n"
        "b,d,0.7,,0.5,1,30,0,run\n"
        "a,d,0.90,0.87,0.5,12345,90,1,run --seed 1 --no-baseline --x 1 2\n"
        "a,d,0.10,,0.5,1,30,0,run --x 2\n"
    )
    (tmp_path / "targets.csv").write_text("dataset,recipe,target\nd,b,<= 0.8\n")
    monkeypatch.setattr(script, "RESULTS", tmp_path)
    text = "before\n<!-- table: sentiment -->\nold\n<!-- end -->\nafter"
    lines = script.with_tables(text).splitlines()
    assert lines[:2] == ["before", "<!-- table: sentiment -->"]
    assert lines[4:] == [
        "| d | `a --x 1 2` | **0.8900 ± 0.0141** |  | 2 | 0.8600 ± 0.0141 | 0.5000 "
        "| 12,345 | 1.5 min |",
        "| d | `a --x 2` | **0.1000** |  | 1 |  | 0.5000 | 1 | 0.5 min |",
        "| d | `b` | **0.7000** | <= 0.8 | 1 |  | 0.5000 | 1 | 0.5 min |",
        "<!-- end -->",
        "after",
    ]


def parameters(row, task, learn):
    """Number of weights of the model that the command of a row builds today.

    `learn` returns what the model learns from the data, for its settings.
    """
    words = shlex.split(row["command"])
    first = next(i for i, word in enumerate(words) if word.startswith("--"))
    parsed = parse_arguments(words[first:], task, row["recipe"], about="")
    recipe, settings = parsed.arguments.recipe, parsed.settings
    config = build_recipe(recipe, **settings).config
    return build_recipe(recipe, learned=learn(config), **settings).count_params()


def test_sentiment_rows_are_of_models_as_they_are(script):
    """A row whose command now builds another model has to be measured again."""
    rows = [r for r in script.read("sentiment.csv") if "imdb_reviews" in r["dataset"]]
    assert rows

    def learn(config):
        # IMDB has more words than any vocabulary.
        words = [str(i) for i in range(config.vocabulary_size - 2)]
        return {"vocabulary": words, "class_names": ["neg", "pos"]}

    for row in rows:
        count = parameters(row, TextClassifier, learn)
        assert count == int(row["parameters"]), row["command"]


# Number of words, tags and intents in the training data.
KNOWN = {
    "atis": (724, 120, 21),
    "names": (101, 7, 0),
    "snips": (11_063, 72, 7),
    "universal_dependencies/en_ewt": (15_732, 17, 0),
    "wikiann_en": (29_280, 7, 0),
}


def test_tagging_rows_are_of_models_as_they_are(script):
    rows = script.read("tagging.csv")
    assert rows
    for row in rows:
        words, tags, intents = KNOWN[row["dataset"].split()[0]]
        learned = {
            "vocabulary": [str(i) for i in range(words)],
            "tags": [f"B-{i}" for i in range(tags)],
            "intents": [str(i) for i in range(intents)] or None,
        }
        count = parameters(row, Tagger, lambda config, learned=learned: learned)
        assert count == int(row["parameters"]), row["command"]


# Number of subwords, special ids included, of data that have fewer than asked for.
SUBWORDS = {"dates": 484}


def test_translation_rows_are_of_models_as_they_are(script):
    rows = script.read("translation.csv")
    assert rows
    for row in rows:
        known = SUBWORDS.get(row["dataset"].split()[0])

        def learn(config, known=known):
            size = min(config.vocabulary_size, known or config.vocabulary_size)
            # Without bytes and special ids.
            merges = [divmod(i, 256) for i in range(size - 259)]
            return {"source_vocabulary": merges, "target_vocabulary": merges}

        count = parameters(row, Translator, learn)
        assert count == int(row["parameters"]), row["command"]
