"""Serving an export and asking it over HTTP, in one script."""

from harness.models import small
from harness.scripts import run


def test_answers_of_the_model(reviews, tmp_path):
    model = small(dataset=reviews)
    model.export_saved_model(tmp_path / "film")
    process = run("recipes/serve_and_ask.py", tmp_path / "film", "a good film", "bad")
    assert process.returncode == 0, process.stderr
    title, *lines = process.stdout.splitlines()
    assert title.startswith("http://127.0.0.1:")
    assert title.endswith("/v1/models/film says:")
    assert [line.split(maxsplit=2)[2] for line in lines] == ["a good film", "bad"]
    labels = [answer["label"] for answer in model.predict_text(["a good film", "bad"])]
    assert [line.split()[0] for line in lines] == labels


def test_nothing_to_serve(tmp_path):
    process = run("recipes/serve_and_ask.py", tmp_path / "none", "a film")
    assert process.returncode == 1
    assert "error: The server did not start" in process.stderr
    assert "There is no model in" in process.stderr
    assert "Traceback" not in process.stderr
