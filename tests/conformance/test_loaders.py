"""An export of every task gives the same answers whatever loads it."""

import itertools
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
from harness.exports import (
    EXPORTS,
    QUICK,
    ask_in_process,
    assert_answers,
    export,
    exports_of,
    warm_up_requests,
)
from harness.scripts import ROOT
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

from rnnzoo.answers import plain
from rnnzoo.serving import Client, LocalServer
from rnnzoo.serving.grpc_client import GrpcClient
from rnnzoo.tasks.classification.model import TextClassifier
from rnnzoo.versions import versions


def marked(names):
    return [
        name if name in QUICK else pytest.param(name, marks=pytest.mark.slow)
        for name in names
    ]


every_export = pytest.mark.parametrize("name", marked(EXPORTS))
CLASSIFIERS = exports_of(TextClassifier)
# OpenVINO cannot pad strings or repair their UTF-8, which the other exports do.
NOT_IN_OPENVINO = ["tagging_gru", "translation_without_attention"]
IN_OPENVINO = [*CLASSIFIERS, *NOT_IN_OPENVINO]
# Of a real server: the address of its REST API, and the folder of models it serves.
REAL_SERVER = os.environ.get("RNNZOO_TF_SERVING")
REAL_MODELS = os.environ.get("RNNZOO_TF_SERVING_MODELS", "saved_models")


@pytest.fixture(scope="module")
def models(tmp_path_factory, request):
    """The folder of the exports, and requests with answers by name."""
    directory = tmp_path_factory.mktemp("saved_models")
    tests = (getattr(test, "callspec", None) for test in request.session.items)
    names = {test.params.get("name") for test in tests if test}
    return directory, {
        name: export(name, directory) for name in EXPORTS if name in names
    }


@pytest.fixture(scope="module")
def server(models):
    with LocalServer(models[0]) as running:
        yield running


def answers_of_a_process(script, models):
    """Returns the answers of a script of the harness to the requests, by name."""
    directory, asked = models
    requests = [
        {"model": str(directory / name / "1"), **each.body}
        for name, all_asked in asked.items()
        for each in all_asked
    ]
    answers = iter(ask_in_process(script, requests))
    return {name: list(itertools.islice(answers, len(asked[name]))) for name in asked}


@pytest.fixture(scope="module")
def c_api_answers(models):
    return answers_of_a_process("c_api.py", models)


@every_export
def test_c_api_gives_same_answers(models, c_api_answers, name):
    """The loader that TensorFlow Serving uses: C++, XLA off, no Python TensorFlow."""
    for answer, each in zip(c_api_answers[name], models[1][name], strict=True):
        assert_answers(answer.get("outputs", answer), each.answer)


@every_export
def test_empty_batch_gives_empty_outputs(models, name):
    loaded = tf.saved_model.load(str(models[0] / name / "1"))
    for each in models[1][name]:
        request = {name: tf.constant(array[:0]) for name, array in each.request.items()}
        answer = loaded.signatures[each.signature](**request)
        rows = {name: len(array) for name, array in answer.items()}
        assert rows == dict.fromkeys(each.answer, 0)


@pytest.fixture(scope="module")
def openvino_answers(models):
    """Answers of the default signature, the only one that OpenVINO reads."""
    pytest.importorskip("openvino_tokenizers")
    asked = {n: by_default(a) for n, a in models[1].items() if n in IN_OPENVINO}
    return answers_of_a_process("open_vino.py", (models[0], asked))


@pytest.mark.parametrize("name", marked(IN_OPENVINO))
def test_openvino_gives_same_answers_or_names_what_it_lacks(
    models, openvino_answers, name
):
    asked = by_default(models[1][name])
    for answer, each in zip(openvino_answers[name], asked, strict=True):
        if name not in NOT_IN_OPENVINO:
            assert_answers(answer.get("outputs", answer), each.answer)
        else:  # When this fails, OpenVINO can load such models, and docs may say so.
            assert "No conversion rule found for operations" in answer["error"]


def by_default(asked):
    """Returns the requests to the default signature."""
    return [each for each in asked if each.signature == "serving_default"]


@pytest.fixture(scope="module")
def cli_answers(models, tmp_path_factory):
    """Folder with a folder of arrays for every export, by `saved_model_cli run`."""
    directory, asked = models
    output, lines = tmp_path_factory.mktemp("saved_model_cli"), []
    for name, all_asked in asked.items():
        each = by_default(all_asked)[-1]
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
def test_saved_model_cli_gives_same_answers(models, cli_answers, name):
    files = {path.stem: path for path in (cli_answers / name).iterdir()}
    answer = {k: plain(np.load(p, allow_pickle=True)) for k, p in files.items()}
    assert_answers(answer, by_default(models[1][name])[-1].answer)


@every_export
def test_rest_gives_same_answers(models, server, name):
    assert_served(server.rest, name, models[1][name])


@pytest.mark.skipif(not REAL_SERVER, reason="RNNZOO_TF_SERVING names no server")
def test_tensorflow_serving_gives_same_answers():
    """Asks a real server what its models warm up with."""
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
        if len(each.answer) == 1:  # A single output has no name.
            outputs = dict.fromkeys(each.answer, outputs)
        assert_answers(outputs, each.answer)


@every_export
def test_grpc_gives_same_answers(models, server, name):
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
            types = {name: array.dtype for name, array in outputs.items()}
            assert types == {k: v.dtype for k, v in each.answer.items()}
            answer = {name: plain(array) for name, array in outputs.items()}
            assert_answers(answer, each.answer)


@pytest.mark.parametrize("name", marked(CLASSIFIERS))
@pytest.mark.parametrize("connect", [Client, GrpcClient])
def test_classify_and_regress_give_same_answers(models, server, name, connect):
    """The methods of these names send features, not serialized examples."""
    address = server.rest if connect is Client else server.grpc
    asked = [a for a in models[1][name] if a.signature in ("classify", "regress")]
    assert asked
    with connect(address, name) as client:
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
