"""Every export gives the same answers whatever loads it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import grpc
import numpy as np
import pytest
import requests
import tensorflow as tf
from harness.exports import EXPORTS, assert_answers, export, warm_up_requests
from harness.scripts import ROOT
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

from rnnzoo.answers import plain
from rnnzoo.recipes import list_recipes
from rnnzoo.serving import Client, LocalServer
from rnnzoo.serving.grpc_client import GrpcClient
from rnnzoo.versions import versions

every_export = pytest.mark.parametrize("name", EXPORTS)
# OpenVINO lacks what the others do with strings: padding them, mending their UTF-8.
in_openvino = [name for name in EXPORTS if name.startswith("sentiment")]
# Of a real server: the address of its REST API, and the folder of models it serves.
REAL_SERVER = os.environ.get("RNNZOO_TF_SERVING")
REAL_MODELS = os.environ.get("RNNZOO_TF_SERVING_MODELS", "saved_models")


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """The folder of all exports, and by name what was asked and answered."""
    directory = tmp_path_factory.mktemp("saved_models")
    return directory, {name: export(name, directory) for name in EXPORTS}


@pytest.fixture(scope="module")
def server(models):
    with LocalServer(models[0]) as running:
        yield running


def asked_in_a_process(script, path, asked):
    """The answers of a script of the harness, which takes and gives lines of JSON."""
    process = subprocess.run(
        [sys.executable, ROOT / "tests" / "harness" / script, path],
        input="\n".join(json.dumps(each.body) for each in asked),
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stdout + process.stderr
    return [json.loads(line)["outputs"] for line in process.stdout.splitlines()]


@every_export
def test_c_api(models, name):
    """The loader that TensorFlow Serving uses: C++, XLA off, no Python TensorFlow."""
    directory, asked = models[0], models[1][name]
    answers = asked_in_a_process("c_api.py", directory / name / "1", asked)
    for answer, each in zip(answers, asked, strict=True):
        assert_answers(answer, each.answer)


@pytest.mark.parametrize("name", in_openvino)
def test_openvino(models, name):
    """It reads the default signature of a SavedModel, no other."""
    pytest.importorskip("openvino_tokenizers")
    directory = models[0]
    asked = [a for a in models[1][name] if a.signature == "serving_default"]
    answers = asked_in_a_process("open_vino.py", directory / name / "1", asked)
    for answer, each in zip(answers, asked, strict=True):
        assert_answers(answer, each.answer)


@pytest.mark.parametrize("name", ["tagging_gru", "translation_gru"])
def test_openvino_reads_no_others(models, name):
    """When this fails, they belong above."""
    pytest.importorskip("openvino_tokenizers")
    path = models[0] / name / "1"
    with pytest.raises(AssertionError, match="No conversion rule found for operations"):
        asked_in_a_process("open_vino.py", path, [])


def asked_by_the_cli(asked):
    """The last request to the default signature."""
    return [a for a in asked if a.signature == "serving_default"][-1]


@pytest.fixture(scope="module")
def cli_answers(models, tmp_path_factory):
    """What `saved_model_cli run` writes: a folder of arrays for every export."""
    directory, asked = models
    output, lines = tmp_path_factory.mktemp("saved_model_cli"), []
    for name, all_asked in asked.items():
        each = asked_by_the_cli(all_asked)
        inputs = [f"{name}={value.tolist()!r}" for name, value in each.request.items()]
        arguments = [
            *("--dir", str(directory / name / "1"), "--tag_set", "serve"),
            *("--signature_def", each.signature, "--input_exprs", ";".join(inputs)),
            *("--outdir", str(output / name)),
        ]
        lines.append(json.dumps(arguments))
    process = subprocess.run(
        [sys.executable, ROOT / "tests" / "harness" / "cli.py"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stdout + process.stderr
    return output


@every_export
def test_saved_model_cli(models, cli_answers, name):
    files = {path.stem: path for path in (cli_answers / name).iterdir()}
    answer = {k: plain(np.load(p, allow_pickle=True)) for k, p in files.items()}
    assert_answers(answer, asked_by_the_cli(models[1][name]).answer)


@every_export
def test_rest(models, server, name):
    assert_served(server.rest, name, models[1][name])


@pytest.mark.skipif(not REAL_SERVER, reason="RNNZOO_TF_SERVING names no server")
def test_tensorflow_serving():
    """A real server, asked what its models warm up with."""
    models = [path for path in Path(REAL_MODELS).iterdir() if versions(path)]
    assert models, f"There is no model in {REAL_MODELS}."
    for model in models:
        path = model / str(versions(model)[-1])
        assert_served(REAL_SERVER, model.name, warm_up_requests(path))


def assert_served(address, name, asked):
    for each in asked:
        url = f"http://{address}/v1/models/{name}:predict"
        response = requests.post(url, json=each.body)
        assert response.status_code == 200, response.text
        outputs = response.json()["outputs"]
        if len(each.answer) == 1:  # It comes bare.
            outputs = dict.fromkeys(each.answer, outputs)
        assert_answers(outputs, each.answer)


@every_export
def test_grpc(models, server, name):
    with grpc.insecure_channel(server.grpc) as channel:
        stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        for each in models[1][name]:
            request = predict_pb2.PredictRequest()
            request.model_spec.name = name
            request.model_spec.signature_name = each.signature
            for key, value in each.request.items():
                request.inputs[key].CopyFrom(tf.make_tensor_proto(value))
            response = stub.Predict(request, timeout=30)
            outputs = {k: tf.make_ndarray(v) for k, v in response.outputs.items()}
            assert outputs.keys() == each.answer.keys()
            for key, value in each.answer.items():
                if value.dtype == object:
                    assert outputs[key].tolist() == value.tolist()
                else:
                    np.testing.assert_allclose(outputs[key], value, atol=1e-5)


@pytest.mark.parametrize("recipe", list_recipes("sentiment_*"))
@pytest.mark.parametrize("connect", [Client, GrpcClient])
def test_classify_and_regress(models, server, recipe, connect):
    """By the methods of these names, which send features, not serialized examples."""
    address = server.rest if connect is Client else server.grpc
    asked = [a for a in models[1][recipe] if a.signature in ("classify", "regress")]
    assert asked
    with connect(address, recipe) as client:
        for each in asked:
            examples = [features(row) for row in each.request["inputs"]]
            if each.signature == "classify":
                for row, classes, scores in zip(
                    client.classify(examples), *map(plain, columns(each)), strict=True
                ):
                    assert [label for label, _ in row] == classes
                    np.testing.assert_allclose([s for _, s in row], scores, atol=1e-5)
            else:
                numbers = client.regress(examples)
                np.testing.assert_allclose(numbers, each.answer["outputs"], atol=1e-5)


def columns(asked):
    return asked.answer["classes"], asked.answer["scores"]


def features(serialized):
    example = tf.train.Example.FromString(serialized)
    return {k: v.bytes_list.value[0] for k, v in example.features.feature.items()}
