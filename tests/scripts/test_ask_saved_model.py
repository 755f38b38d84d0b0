"""Asking a SavedModel in a process that has neither rnnzoo nor Keras."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "recipes" / "ask_saved_model.py"
WITHOUT = """
import runpy, sys
sys.modules["rnnzoo"] = None
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
assert sys.modules["keras"] is None
"""


def test_script_without_rnnzoo_prints_answers_of_newest_version(exported, tmp_path):
    model, path = exported("sentiment_lstm")
    newest = tmp_path / "10"
    for version in ("2", "10"):
        shutil.copytree(path / "1", tmp_path / version)
    texts = ["a good film", "été \U0001f600"]
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(SCRIPT), str(tmp_path), *texts],
        capture_output=True,
        text=True,
        check=True,
    )
    title, *blocks = run.stdout.rstrip().split("\n\n")
    assert title == f"{newest} says:"
    for text, block, answer in zip(texts, blocks, model.answer(texts), strict=True):
        first, *lines = block.splitlines()
        assert first == text
        said = dict(line.split(maxsplit=1) for line in lines)
        assert said["label"] == answer["label"]
        assert said["score"] == f"{answer['score']:.3f}"
        assert said["classes"] == "negative positive"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: directory, texts"),
        (["nothing"], "the following arguments are required: texts"),
        (["nothing", "text"], "There is no SavedModel in nothing/1"),
    ],
)
def test_script_with_something_missing_says_so(arguments, message):
    run = subprocess.run(
        [sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True
    )
    assert run.returncode != 0
    assert message in run.stderr
    assert "Traceback" not in run.stderr
