"""Exports of every recipe, with what they are asked and what they answer."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2

from harness.models import small
from rnnzoo.answers import plain
from rnnzoo.export.smoke import Answer
from rnnzoo.recipes import list_recipes
from rnnzoo.serving.client import as_json
from rnnzoo.tasks.tagging.sentences import Sentence, sentence_dataset

TOLERANCE = 1e-5
# Of each task and each kind of cell and head one; the others are marked slow.
QUICK = {
    *("sentiment_lstm", "sentiment_bag_of_words", "tagging_gru"),
    *("tagging_with_intents", "translation_gru_attention", "translation_lstm"),
}

# What is exported, by name: every recipe as it is, and settings that answer otherwise.
EXPORTS = {
    **{recipe: (recipe, {}) for recipe in list_recipes()},
    "tagging_with_intents": (
        "tagging_char_bilstm_crf",
        {"intent": True, "constrained": True},
    ),
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


def example_data(recipe: str) -> tf.data.Dataset:
    """A few examples of what a recipe learns from, by the task in its name."""
    if recipe.startswith("tagging"):
        rows = [["New", "York", "lies", "there"], ["Go", "home"], ["It"]]
        tags = [["B-LOC", "I-LOC", "O", "O"], ["O", "B-LOC"], ["O"]]
        intents = ["tell", "order", "tell"]
        return sentence_dataset(list(map(Sentence, rows, tags, intents)))
    if recipe.startswith("translation"):
        pairs = ["Ein Hund läuft.", "Eine Frau"], ["A dog runs.", "A woman"]
        return tf.data.Dataset.from_tensor_slices(pairs)
    texts = ["a good film", "bad", "a bad, bad film !"] * 3
    return tf.data.Dataset.from_tensor_slices((texts, [1, 0, 0] * 3))


def export(name: str, directory: Path) -> list[Asked]:
    """Exports a small model with random weights, and asks every signature."""
    recipe, settings = EXPORTS[name]
    model = small(recipe, example_data(recipe), **settings)
    rng = np.random.default_rng(0)
    # Untrained models say much the same to everything; these do not.
    for weight in model.trainable_variables:
        weight.assign(rng.normal(0, 0.7, weight.shape))
    return warm_up_requests(model.export_saved_model(directory / name))


def warm_up_requests(path: Path) -> list[Asked]:
    """What an export warms up with, answered by TensorFlow in this process."""
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


def assert_answers(got: dict, wanted: Answer) -> None:
    """The same outputs as nested lists: texts equal, numbers to 1e-5."""
    assert got.keys() == wanted.keys()
    for name, value in wanted.items():
        if value.dtype == object:
            assert got[name] == plain(value), name
        else:
            np.testing.assert_allclose(got[name], value, atol=TOLERANCE, err_msg=name)
