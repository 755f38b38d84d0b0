"""The README's Python, run as it stands there."""

import re

import pytest
from harness.models import small
from harness.scripts import ROOT

BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
# What needs a data set that has to be fetched.
FETCHED = "imdb_reviews"
# What trains for minutes.
SLOW = ("model = tagging_char_bilstm_crf", "model = translation_gru_attention")
# What loads a model that is exported beforehand, and the recipe of that.
EXPORTED = re.compile(r'"(saved_models/\w+/(translation_\w+))/1"')


def run(block):
    exec(compile(block, "README.md", "exec"), {"__name__": "readme"})


def trains(block):
    return any(line in block for line in SLOW)


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(block, marks=pytest.mark.slow if trains(block) else ())
        for block in BLOCKS
        if FETCHED not in block and not EXPORTED.search(block)
    ],
    ids=lambda block: block.splitlines()[0],
)
def test_it_runs(block):
    run(block)


@pytest.mark.parametrize("block", list(filter(EXPORTED.search, BLOCKS)))
def test_it_asks_what_was_exported(block, translations, tmp_path, monkeypatch, capsys):
    path, recipe = EXPORTED.search(block).groups()
    model = small(recipe, translations)
    model.export_saved_model(tmp_path / path)
    monkeypatch.chdir(tmp_path)
    run(block)
    assert capsys.readouterr().out.strip()
