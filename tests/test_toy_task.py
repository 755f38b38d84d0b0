"""A new task is a folder: it trains by a script, resumes, exports, serves, answers."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from harness.scripts import ROOT

from rnnzoo.serving import Client, LocalServer, ServedModel

TOY = ROOT / "tests" / "toy"
CODE = "import runpy; runpy.run_module('toy.recipes', run_name='__main__')"


def run(*arguments, code=CODE):
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The folder of a run that was killed in its second epoch and run again."""
    folder = tmp_path_factory.mktemp("toy")
    arguments = [
        *("--epochs", "2", "--batch-size", "8", "--longest", "5"),
        *("--output", str(folder / "run"), "--export-dir", str(folder / "models")),
        *("--results", str(folder / "results.csv")),
    ]
    killer = (
        "import keras, os, sys\n"
        "begin = keras.callbacks.ProgbarLogger.on_epoch_begin\n"
        "def on_epoch_begin(self, epoch, logs=None):\n"
        "    os._exit(9) if epoch else begin(self, epoch, logs)\n"
        "keras.callbacks.ProgbarLogger.on_epoch_begin = on_epoch_begin\n"
    )
    assert run(*arguments, code=killer + CODE).returncode == 9
    process = run(*arguments)
    assert process.returncode == 0, process.stderr[-2000:]
    assert "Epoch 2/2" in process.stdout
    assert "Epoch 1/2" not in process.stdout
    return folder


def test_a_task_is_small():
    lines = sum(len(path.read_text().splitlines()) for path in TOY.glob("*.py"))
    assert lines < 150


def test_the_script_measures_and_writes_a_row(trained):
    metrics = json.loads((trained / "run" / "metrics.json").read_text())
    assert metrics["metric"] == "mae"
    assert metrics["split"] == "test (10 series)"
    assert (trained / "results.csv").read_text().startswith("recipe,dataset,split")
    assert (trained / "run" / "learning_curves.png").exists()


def test_the_export_answers_however_it_is_asked(trained):
    rows = [{"series": [0.5, 1.5], "lengths": 2}, {"series": [-1.0], "lengths": 1}]
    exported = trained / "models" / "averager_gru"
    here = [answer["mean"] for answer in ServedModel(exported).predict(rows)]
    assert len(set(here)) == 2
    with LocalServer(exported) as server, Client(server.rest, "averager_gru") as client:
        there = [client.predict([row])[0] for row in rows]
    np.testing.assert_allclose(there, here, rtol=1e-5)
    command = [sys.executable, "-m", "rnnzoo", "predict", str(exported)]
    printed = subprocess.run(
        [*command, *map(json.dumps, rows)], capture_output=True, text=True, check=True
    ).stdout
    asked = [json.loads(line)["mean"] for line in printed.splitlines()]
    np.testing.assert_allclose(asked, here, rtol=1e-5)


def test_the_help_shows_settings_and_data_of_the_task():
    text = " ".join(run("--help").stdout.split())
    assert "--units INT Size of the recurrent state. Default: 4." in text
    assert "--longest LONGEST Length of the longest series" in text
