"""Scores by the length of the source."""

import json

import pytest

from rnnzoo.metrics.texts import bleu
from rnnzoo.tasks.translation.by_length import (
    read_by_length,
    score_by_length,
    store_by_length,
)


def test_score_by_length_groups_texts_by_words_of_source():
    sources = ["a"] * 3 + ["a b c d"] * 2 + ["a b c d e f g"] * 2
    texts = ["one two three four five"] * 7
    outputs = texts[:3] + ["six seven eight nine ten"] * 2 + texts[5:]

    def found(lengths, least):
        def score(*texts):
            return bleu(*texts).value

        return score_by_length(score, sources, outputs, texts, lengths, least)

    assert found((3, 5, 10), least=2) == {3: 100, 5: 0, 10: 100}
    assert found((3, 5, 10), least=3) == {3: 100}
    assert found((3, 5), least=2) == {3: 100, 5: 0}  # Longer ones are in no group.


def run(folder, recipe, **metrics):
    folder.mkdir()
    about = json.dumps({"recipe": recipe, **metrics})
    (folder / "metrics.json").write_text(about)
    store_by_length({5: 30.5, 10: 20.0}, folder)
    return folder


def test_read_by_length_names_runs_by_recipe_or_folder(tmp_path):
    runs = [
        run(tmp_path / name, recipe, metric="bleu")
        for name, recipe in (("a", "gru"), ("b", "lstm"), ("c", "lstm"))
    ]
    lines = read_by_length(runs, "gru", {"metric": "bleu"})
    assert list(lines) == [str(runs[0]), "lstm", str(runs[2])]
    assert list(lines.values()) == [{5: 30.5, 10: 20.0}] * 3
    assert read_by_length([], "gru", {}) == {}


def test_read_by_length_of_run_with_other_metrics_raises(tmp_path):
    other = run(tmp_path / "a", "gru", metric="bleu", dataset="x")
    with pytest.raises(ValueError, match=r"/a: .*dataset.*'y'.*'x'"):
        read_by_length([other], "gru", {"metric": "bleu", "dataset": "y"})


def test_read_by_length_of_unfinished_run_raises(tmp_path):
    other = run(tmp_path / "a", "gru", metric="bleu")
    with pytest.raises(ValueError, match=r"/a: .*signature.*'x'.*None"):
        read_by_length([other], "gru", {"signature": "x"})
    (other / "by_length.json").write_text("{")
    for folder in (other, tmp_path / "none"):
        with pytest.raises(ValueError, match=rf"/{folder.name} .*\.json"):
            read_by_length([folder], "gru", {})
