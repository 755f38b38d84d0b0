"""The README's tables are those of the rows in `results/`."""

import shlex

import pytest
from harness.scripts import ROOT, load

from rnnzoo.recipes import build_recipe


@pytest.fixture
def script():
    return load("tools/update_readme.py")


def test_the_readme_is_up_to_date(script):
    text = (ROOT / "README.md").read_text()
    assert "<!-- table: sentiment -->" in text
    assert script.with_tables(text) == text


def test_seeds_are_averaged(script, tmp_path, monkeypatch):
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


def test_the_rows_are_those_of_the_models_as_they_are(script):
    """A row whose command now builds another model has to be measured again."""
    recipe_script = load("recipes/sentiment.py")
    rows = [r for r in script.read("sentiment.csv") if "imdb_reviews" in r["dataset"]]
    assert rows
    for row in rows:
        arguments, settings = recipe_script.parse(shlex.split(row["command"])[2:])
        # Its words are more than any vocabulary.
        words = [str(i) for i in range(19_998)]
        model = build_recipe(arguments.recipe, vocabulary=words, **settings)
        assert model.count_params() == int(row["parameters"]), row["command"]


# How many words, tags and intents there are in the training data.
KNOWN = {
    "atis": (724, 120, 21),
    "embedded": (101, 7, 0),
    "snips": (11_063, 72, 7),
    "universal_dependencies/en_ewt": (15_732, 17, 0),
    "wikiann_en": (29_280, 7, 0),
}


def test_so_are_those_of_the_taggers(script):
    recipe_script = load("recipes/tagging.py")
    rows = script.read("tagging.csv")
    assert rows
    for row in rows:
        arguments, settings = recipe_script.parse(shlex.split(row["command"])[2:])
        words, tags, intents = KNOWN[row["dataset"].split()[0]]
        model = build_recipe(
            arguments.recipe,
            vocabulary=[str(i) for i in range(words)],
            tags=[f"B-{i}" for i in range(tags)],
            intents=[str(i) for i in range(intents)] or None,
            **settings,
        )
        assert model.count_params() == int(row["parameters"]), row["command"]


# How many subwords there are, special ids included, where those asked for are too many.
SUBWORDS = {"embedded": 484}


def test_so_are_those_of_the_translators(script):
    recipe_script = load("recipes/translation.py")
    rows = script.read("translation.csv")
    assert rows
    for row in rows:
        arguments, settings = recipe_script.parse(shlex.split(row["command"])[2:])
        asked = build_recipe(arguments.recipe, **settings).vocabulary_size
        known = min(asked, SUBWORDS.get(row["dataset"].split()[0], asked))
        count = known - 259  # bytes and special ids
        merges = [divmod(i, 256) for i in range(count)]
        model = build_recipe(
            arguments.recipe,
            source_vocabulary=merges,
            target_vocabulary=merges,
            **settings,
        )
        assert model.count_params() == int(row["parameters"]), row["command"]
