"""Serving an export and asking it over HTTP, in one script."""

import json

import pytest
from harness.scripts import run


@pytest.mark.parametrize(
    ("recipe", "output"), [("sentiment_lstm", "label"), ("tagging_gru", "tags")]
)
def test_script_prints_answers_of_the_model(recipe, output, exported):
    model, path = exported(recipe)
    texts = ["a good film", "Bonn lies there"]
    process = run("recipes/serve_and_ask.py", path, *texts)
    assert process.returncode == 0, process.stderr
    title, *lines = process.stdout.splitlines()
    assert title.startswith("http://127.0.0.1:")
    assert title.endswith(f"/v1/models/{recipe} says:")
    for text, line, answer in zip(texts, lines, model.answer(texts), strict=True):
        said = json.loads(line)
        assert (said["text"], said[output]) == (text, answer[output])


def test_script_without_model_reports_an_error(tmp_path):
    process = run("recipes/serve_and_ask.py", tmp_path / "none", "a film")
    assert process.returncode == 1
    assert "error: The server did not start" in process.stderr
    assert "There is no model in" in process.stderr
    assert "Traceback" not in process.stderr
