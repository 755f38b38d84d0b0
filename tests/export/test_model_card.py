"""The page that goes with a SavedModel."""

import json
import re
import shlex

import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.export import write_model_card


def example(text):
    feature = {
        "text": tf.train.Feature(bytes_list=tf.train.BytesList(value=[text.encode()])),
        "ages": tf.train.Feature(int64_list=tf.train.Int64List(value=[3, 4])),
    }
    features = tf.train.Features(feature=feature)
    return tf.train.Example(features=features).SerializeToString()


TEXT = {"text": np.array(["it's ça".encode()], object)}
EXAMPLE = {"inputs": np.array([example("it's ça")], object)}
SCORES = np.array([[0.25, 0.75]], "float32")
CLASSES = np.array([[b"bad", b"good"]], object)
ASKED = {
    "serving_default": [(TEXT, {"label": np.array([b"good"], object)})],
    "classify": [(EXAMPLE, {"classes": CLASSES, "scores": SCORES})],
    "regress": [(EXAMPLE, {"outputs": SCORES[:, 1]})],
}


@pytest.fixture
def card(tmp_path):
    about = {"recipe": "sentiment_lstm", "metrics": "accuracy 0.9"}
    write_model_card(tmp_path, "film", about, ASKED)
    return (tmp_path / "model_card.md").read_text(encoding="utf-8")


def test_what_is_told_and_what_is_not(card):
    assert card.startswith("# film\n")
    assert "* recipe: sentiment_lstm\n" in card
    assert "* licence of the data: not stated\n" in card
    assert re.search(r"\* versions: Python 3.*, tensorflow 2", card)
    assert "| output | `scores` | float32 | (1, 2) |" in card


def test_examples_can_be_pasted_into_a_shell(card):
    commands = [line for line in card.splitlines() if line.startswith("curl")]
    found = [shlex.split(command) for command in commands]
    bodies = [json.loads(parts[2]) for parts in found]
    assert bodies == [
        {"signature_name": "serving_default", "inputs": {"text": ["it's ça"]}},
        {
            "signature_name": "classify",
            "examples": [{"text": "it's ça", "ages": [3, 4]}],
        },
        {
            "signature_name": "regress",
            "examples": [{"text": "it's ça", "ages": [3, 4]}],
        },
    ]
    assert [parts[3].rpartition("/")[2] for parts in found] == [
        *("film:predict", "film:classify", "film:regress"),
    ]


def test_answers_as_a_server_gives_them(card):
    answers = [json.loads(line) for line in card.splitlines() if line[:1] == "{"]
    assert answers == [
        {"outputs": {"label": ["good"]}},
        {"results": [[["bad", 0.25], ["good", 0.75]]]},
        {"results": [0.75]},
    ]
