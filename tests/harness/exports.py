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
from rnnzoo.answers import plain
from rnnzoo.export.smoke import Answer
from rnnzoo.registry import find_recipe
from rnnzoo.serving.client import as_json
from rnnzoo.tasks.tagging.model import Tagger
from rnnzoo.tasks.tagging.sentences import Sentence, sentence_dataset
from rnnzoo.tasks.translation.model import Translator

TOLERANCE = 1e-5
# Of each task one; the others are marked slow.
QUICK = {
    *("sentiment_lstm", "tagging_gru", "tagging_with_intents"),
    "translation_gru_attention",
}

# What is exported, by name: of each task a recipe, and settings that answer otherwise.
EXPORTS = {
    "sentiment_lstm": ("sentiment_lstm", {}),
    "sentiment_bag_of_words": ("sentiment_bag_of_words", {}),
    "sentiment_with_word_counts": ("sentiment_lstm_with_word_counts", {}),
    "tagging_gru": ("tagging_gru", {}),
    "tagging_with_intents": (
        "tagging_char_bilstm_crf",
        {"intent": True, "constrained": True},
    ),
    "translation_gru_attention": ("translation_gru_attention", {}),
    "translation_without_attention": ("translation_simple_rnn", {}),
    "translation_not_conditional": (
        "translation_gru_attention",
        {"conditional": False},
    ),
    "translation_of_words": (
        "translation_gru_attention",
        {"vocabulary": "word", "lowercase": True, "coverage_penalty": 0.2},
    ),
    "translation_of_characters": (
        "translation_lstm_attention",
        {"vocabulary": "character", "joint_vocabulary": False},
    ),
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
    if _is_of(recipe, Tagger):
        rows = [["New", "York", "lies", "there"], ["Go", "home"], ["It"]]
        tags = [["B-LOC", "I-LOC", "O", "O"], ["O", "B-LOC"], ["O"]]
        intents = ["tell", "order", "tell"]
        return sentence_dataset(list(map(Sentence, rows, tags, intents)))
    if _is_of(recipe, Translator):
        pairs = ["Ein Hund läuft.", "Eine Frau"], ["A dog runs.", "A woman"]
        return tf.data.Dataset.from_tensor_slices(pairs)
    texts = ["a good film", "bad", "a bad, bad film !"] * 3
    return tf.data.Dataset.from_tensor_slices((texts, [1, 0, 0] * 3))


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
