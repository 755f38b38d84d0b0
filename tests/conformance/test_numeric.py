"""A model without text gives the same answers whatever loads it."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.exports import ask_in_process, assert_answers, warm_up_requests

from rnnzoo.__main__ import main
from rnnzoo.export import Signature, export_saved_model
from rnnzoo.layers import GRU
from rnnzoo.serving import Client, LocalServer, ServedModel
from rnnzoo.serving.grpc_client import GrpcClient

LARGE = 2**40  # Needs int64.
ROWS = [
    {"ids": [3], "lengths": 1, "features": [0.5, -1.0, 2.0]},
    {"ids": [1, 2, 3], "lengths": 3, "features": [-2.0, 0.25, -1.0]},
    {"ids": [7, 1, 9], "lengths": 2, "features": [1.5, 1.0, 0.0]},
]
DTYPES = {"score": "float32", "precise": "float64", "total": "int64", "high": "bool"}


def build():
    ids = keras.Input((None,), dtype="int32", name="ids")
    features = keras.Input((3,), name="features")
    state = GRU(4)(keras.layers.Embedding(10, 4, mask_zero=True)(ids))
    joined = keras.layers.Concatenate()([state, features])
    return keras.Model([ids, features], keras.layers.Dense(1)(joined))


def export(path):
    """Exports the model; returns its version and, for each row, Keras' outputs."""
    model = build()

    def answer(ids, lengths, features):
        steps = tf.sequence_mask(lengths, tf.shape(ids)[1])
        ids = tf.where(steps, ids, 0)
        score = model([ids, features])[:, 0]
        return {
            "score": score,
            "precise": tf.cast(score, tf.float64) / 3,
            "total": LARGE + tf.reduce_sum(tf.cast(ids, tf.int64), axis=1),
            "high": score > 0,
        }

    inputs = [
        tf.TensorSpec([None, None], tf.int32, name="ids"),
        tf.TensorSpec([None], tf.int32, name="lengths"),
        tf.TensorSpec([None, 3], tf.float32, name="features"),
    ]
    signature = Signature(answer, inputs, ROWS)
    version = export_saved_model(model, {"serving_default": signature}, path)
    wanted = [
        answer(*(tf.constant([row[spec.name]], spec.dtype) for spec in inputs))
        for row in ROWS
    ]
    return version, [{k: v.numpy() for k, v in row.items()} for row in wanted]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    keras.utils.set_random_seed(0)
    return export(tmp_path_factory.mktemp("models") / "numeric")


@pytest.fixture(scope="module")
def server(exported):
    with LocalServer(exported[0].parent.parent) as running:
        yield running


def assert_same(answers, wanted):
    """The answers of rows, dictionaries of Python values."""
    for answer, row in zip(answers, wanted, strict=True):
        assert_answers({name: [value] for name, value in answer.items()}, row)
        kinds = {name: type(value) for name, value in answer.items()}
        assert kinds == {"score": float, "precise": float, "total": int, "high": bool}


def test_export_has_outputs_of_all_types(exported):
    for row in exported[1]:
        assert {name: value.dtype.name for name, value in row.items()} == DTYPES
    assert {bool(row["high"][0]) for row in exported[1]} == {True, False}


def test_warm_up_requests_have_all_inputs(exported):
    *alone, batch = warm_up_requests(exported[0])
    assert [each.request["ids"].shape for each in alone] == [(1, 1), (1, 3), (1, 3)]
    for name, value in batch.answer.items():
        wanted = np.concatenate([row[name] for row in exported[1]])
        np.testing.assert_allclose(value, wanted, rtol=1e-5)


def test_served_model_gives_same_answers(exported):
    model = ServedModel(exported[0])
    assert {spec.name for spec in model.inputs} == {"ids", "lengths", "features"}
    assert_same(model.predict(ROWS), exported[1])
    arrays = [{name: np.array(value) for name, value in row.items()} for row in ROWS]
    assert_same(model.predict(arrays), exported[1])
    assert_same(model.predict(ROWS[0]), exported[1][:1])
    assert model.predict([]) == []


def test_c_api_gives_same_answers(exported):
    version, wanted = exported
    requests = [
        {"model": str(version), "inputs": {name: [v] for name, v in row.items()}}
        for row in ROWS
    ]
    for answer, row in zip(ask_in_process("c_api.py", requests), wanted, strict=True):
        assert_answers(answer.get("outputs", answer), row)


def test_command_line_gives_same_answers(exported, capsys):
    version, wanted = exported
    assert main(["predict", str(version.parent), *map(json.dumps, ROWS)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert_same(map(json.loads, lines), wanted)


@pytest.mark.parametrize("connect", [Client, GrpcClient])
def test_server_gives_same_answers(exported, server, connect):
    address = server.rest if connect is Client else server.grpc
    with connect(address, "numeric") as client:
        assert_same([client.predict(row)[0] for row in ROWS], exported[1])
        # Rows of one length are answered in one request.
        assert_same(client.predict(ROWS[1:]), exported[1][1:])
