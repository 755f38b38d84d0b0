"""Exports of every task, with requests and the answers to them."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2

from harness.models import small
from harness.scripts import ROOT
from harness.tasks import TASKS
from rnnzoo.answers import plain
from rnnzoo.export.smoke import Answer
from rnnzoo.registry import build_recipe, find_recipe
from rnnzoo.serving.client import as_json

TOLERANCE = 1e-5
# What is exported, by name: of each task its recipe, or what `examples.py` lists.
EXPORTS = {
    name: export
    for task in TASKS.values()
    for name, export in getattr(
        task, "EXPORTS", {task.RECIPE: (task.RECIPE, {})}
    ).items()
}
# Of each task one or two; the others are marked slow.
QUICK = {
    name for task in TASKS.values() for name in getattr(task, "QUICK", {task.RECIPE})
}


@dataclass(frozen=True)
class Asked:
    """A request to a signature, and the answer of TensorFlow in Python."""

    signature: str
    request: dict[str, np.ndarray]
    answer: Answer

    @property
    def body(self) -> dict:
        """The request in the column format of the REST API."""
        inputs = {name: as_json(array.tolist()) for name, array in self.request.items()}
        return {"signature_name": self.signature, "inputs": inputs}


def exports_of(task: type) -> list[str]:
    """Returns the names of the exports of a task."""
    return [name for name, (recipe, _) in EXPORTS.items() if _is_of(recipe, task)]


def example_data(recipe: str) -> tf.data.Dataset:
    """Returns a few raw examples of a recipe's task."""
    (task,) = (
        task for task in TASKS.values() if _is_of(recipe, find_recipe(task.RECIPE).task)
    )
    if hasattr(task, "exported_examples"):
        return task.exported_examples()
    return build_recipe(task.RECIPE).examples(task.X, task.Y)


def _is_of(recipe, task):
    return issubclass(find_recipe(recipe).task, task)


def export(name: str, directory: Path) -> list[Asked]:
    """Exports a small model with random weights, and asks every signature."""
    recipe, settings = EXPORTS[name]
    model = small(recipe, example_data(recipe), **settings)
    rng = np.random.default_rng(0)
    # The answers of untrained models are much alike; those of this one are not.
    for weight in model.trainable_variables:
        weight.assign(rng.normal(0, 0.7, weight.shape))
    return warm_up_requests(model.export_saved_model(directory / name))


def warm_up_requests(path: Path) -> list[Asked]:
    """Returns what an export warms up with, answered by TensorFlow in Python."""
    loaded = tf.saved_model.load(str(path))
    file = str(path / "assets.extra" / "tf_serving_warmup_requests")
    asked = []
    for record in tf.data.TFRecordDataset(file).as_numpy_iterator():
        log = prediction_log_pb2.PredictionLog.FromString(record)
        request, name = log.predict_log.request, log.predict_log.request.model_spec
        arrays = {k: tf.make_ndarray(v) for k, v in request.inputs.items()}
        answer = loaded.signatures[name.signature_name](
            **{k: tf.constant(v) for k, v in arrays.items()}
        )
        answer = {k: v.numpy() for k, v in answer.items()}
        asked.append(Asked(name.signature_name, arrays, answer))
    return asked


def ask_in_process(script: str, requests: Sequence[dict]) -> list[dict]:
    """Returns the answers of a script of the harness.

    The script reads a request from each line and writes its answer, both as JSON. One
    process answers all, since it takes long to start.
    """
    process = subprocess.run(
        [sys.executable, ROOT / "tests" / "harness" / script],
        input="\n".join(map(json.dumps, requests)),
        capture_output=True,
        text=True,
    )
    answers = list(map(json.loads, process.stdout.splitlines()))
    assert len(answers) == len(requests), process.stderr
    return answers


def assert_answers(got: dict, wanted: Answer) -> None:
    """The same outputs as nested lists: floats to 1e-5, everything else equal."""
    assert got.keys() == wanted.keys()
    for name, value in wanted.items():
        if value.dtype.kind == "f":
            np.testing.assert_allclose(got[name], value, atol=TOLERANCE, err_msg=name)
        else:
            assert got[name] == plain(value), name
