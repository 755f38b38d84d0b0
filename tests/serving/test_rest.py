"""The REST API, as TensorFlow Serving has it, asked of a running server."""

import http.client
import json
import random
import socket

import pytest
import requests


@pytest.fixture
def ask(server):
    def send(method, path, body=None):
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body)
        return requests.request(method, f"http://{server.rest}{path}", data=data)

    return send


def test_predict(ask):
    answer = ask("POST", "/v1/models/tiny:predict", {"instances": [1, 2]})
    assert answer.json() == {"predictions": [3, 6]}
    assert answer.headers["Content-Type"] == "application/json"
    answer = ask("POST", "/v1/models/tiny/versions/1:predict", {"inputs": {"x": [5]}})
    assert answer.json() == {"outputs": [10]}


def test_named_signature(ask):
    body = {"signature_name": "two", "instances": [{"ids": [1, 2], "lengths": 2}]}
    answer = ask("POST", "/v1/models/tiny:predict", body)
    assert answer.json() == {"predictions": [{"a": [1, 2], "b": 2}]}


def test_bytes(ask):
    body = {"signature_name": "bytes", "instances": [1]}
    answer = ask("POST", "/v1/models/tiny:predict", body)
    assert b'"text": "\xff"' in answer.content
    assert b'"raw_bytes": {"b64": "MS4wMDAwMDA="}' in answer.content


def test_classify_and_regress(ask):
    body = {"signature_name": "classify", "examples": [{"x": 0.25}, {"x": [0.5]}]}
    assert ask("POST", "/v1/models/tiny:classify", body).json() == {
        "results": [[["low", 0.75], ["high", 0.25]], [["low", 0.5], ["high", 0.5]]]
    }
    body["signature_name"] = "regress"
    answer = ask("POST", "/v1/models/tiny:regress", body)
    assert answer.json() == {"results": [0.25, 0.5]}


def test_status(ask):
    states = ask("GET", "/v1/models/tiny").json()["model_version_status"]
    ok = {"error_code": "OK", "error_message": ""}
    assert states == [
        {"version": number, "state": "AVAILABLE", "status": ok} for number in ("2", "1")
    ]
    one = ask("GET", "/v1/models/tiny/versions/1").json()["model_version_status"]
    assert one == states[1:]


def test_metadata(ask):
    found = ask("GET", "/v1/models/tiny/metadata").json()
    assert found["model_spec"] == {"name": "tiny", "signature_name": "", "version": "2"}
    signature = found["metadata"]["signature_def"]["signature_def"]["two"]
    assert signature["inputs"]["ids"]["dtype"] == "DT_INT32"
    assert signature["inputs"]["ids"]["tensor_shape"] == {
        "dim": [{"size": "-1", "name": ""}] * 2,
        "unknown_rank": False,
    }
    assert signature["method_name"] == "tensorflow/serving/predict"


ONE = {"instances": [1]}
REFUSED = [
    (
        "POST",
        "/v1/models/none:predict",
        ONE,
        404,
        "not found for request: Latest(none)",
    ),
    ("POST", "/v1/models/tiny/versions/7:predict", ONE, 404, "Specific(tiny, 7)"),
    ("POST", "/v1/models/tiny/labels/new:predict", ONE, 400, "version label: new"),
    ("POST", "/v1/models/none:predict", b"{", 400, "JSON Parse error: Missing a name"),
    ("POST", "/v1/models/tiny:predict", b"", 400, "The document is empty"),
    ("POST", "/v1/models/tiny:predict", {}, 400, "Missing 'inputs' or 'instances' key"),
    ("POST", "/v1/models/tiny:predict", {"inputs": "a"}, 400, "Type: String is not of"),
    ("POST", "/v1/models/tiny:predict", {"inputs": [1] * 51}, 400, "51 rows"),
    (
        "POST",
        "/v1/models/tiny:predict",
        b" " * 100_001,
        413,
        "100000 bytes",
    ),
    (
        "POST",
        "/v1/models/tiny:predict?a=1",
        ONE,
        400,
        "Malformed request: POST /v1/mode",
    ),
    ("POST", "/v1/models/tiny", ONE, 400, "Malformed request: POST /v1/models/tiny"),
    (
        "POST",
        "/v1/models/tiny:ask",
        ONE,
        400,
        "Malformed request: POST /v1/models/tiny:",
    ),
    (
        "GET",
        "/v1/models/tiny:predict",
        None,
        400,
        "Malformed request: GET /v1/models/ti",
    ),
    (
        "DELETE",
        "/v1/models/tiny",
        None,
        400,
        "Malformed request: DELETE /v1/models/tiny",
    ),
    ("GET", "/v1/models", None, 400, "Missing model name in request."),
    ("GET", "/v1/models/none", None, 404, "Could not find any versions of model none"),
    ("GET", "/v1/models/tiny/versions/7", None, 404, "find version 7 of model tiny"),
    (
        "GET",
        f"/v1/models/tiny/versions/{2**63}",
        None,
        400,
        "Failed to convert version",
    ),
    (
        "GET",
        f"/v1/models/tiny/versions/{'9' * 5000}",
        None,
        400,
        "Failed to convert version",
    ),
    (
        "OPTIONS",
        "/v1/models/tiny",
        None,
        400,
        "Malformed request: OPTIONS /v1/models/t",
    ),
    ("GET", "/v1/models/none/metadata", None, 404, "for request: Latest(none)"),
    (
        "POST",
        "/v1/models/tiny:classify",
        {"examples": [{}]},
        400,
        "No classification in",
    ),
    ("POST", "/v1/models/tiny:classify", {}, 400, "key 'examples' is expected and was"),
]
SIGNATURES = [
    (
        "predict",
        {"signature_name": "no", **ONE},
        'name: "no" not found in signature def',
    ),
    ("predict", {"signature_name": 1, **ONE}, "'signature_name' key must be a string"),
    ("predict", {"signature_name": "unequal", **ONE}, "has inconsistent batch size: "),
    (
        "classify",
        {"signature_name": "no", "examples": [{}]},
        "No signature was found with the name: no",
    ),
    (
        "classify",
        {"signature_name": "classify", "examples": [{"y": 1.0}]},
        "Feature: x (data type: float) is required but could not be found",
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "message"), REFUSED)
def test_refused(ask, method, path, body, status, message):
    answer = ask(method, path, body)
    assert answer.status_code == status
    assert message in answer.json()["error"]


@pytest.mark.parametrize(("method", "body", "message"), SIGNATURES)
def test_signatures_that_do_not_fit(ask, method, body, message):
    answer = ask("POST", f"/v1/models/tiny:{method}", body)
    assert answer.status_code == 400
    assert message in answer.json()["error"]


def test_the_length_is_believed(server):
    """What would be too large is refused before it is sent."""
    connection = http.client.HTTPConnection(server.rest)
    connection.putrequest("POST", "/v1/models/tiny:predict")
    connection.putheader("Content-Length", str(10**12))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_no_such_page(ask):
    assert ask("GET", "/").status_code == ask("POST", "/v1", b"{}").status_code == 404


def test_metrics(ask):
    def count():
        lines = ask("GET", "/metrics").text.splitlines()
        begin = 'rnnzoo_requests_total{method="regress",model="tiny",status="400"}'
        return sum(float(line.split()[-1]) for line in lines if line.startswith(begin))

    before = count()
    ask("POST", "/v1/models/tiny:regress", {"examples": [{}]})
    assert count() == before + 1


def malformed(rng):
    """A body that is wrong in one of many ways."""
    good = json.dumps({"instances": [1.5, -2e3], "signature_name": "serving_default"})
    cut = rng.randrange(1, len(good) - 1)
    nested = "x"
    for _ in range(rng.choice([1, 2, 9, 40, 70, 800])):
        nested = rng.choice([[nested], {rng.choice(["x", "b64", "inputs"]): nested}])
    return rng.choice(
        [
            good[:cut],
            good[:cut] + rng.choice('{}[]:,\x00"é\\') + good[cut + 1 : cut + 3],
            json.dumps({"instances": nested}),
            json.dumps({"inputs": nested}),
            json.dumps({"instances": [nested, 1]}),
            json.dumps({"instances": [[1] * rng.randrange(2, 9), 1]}),
            json.dumps({"inputs": [1] * rng.randrange(51, 999)}),
            json.dumps([nested]),
            json.dumps({"instances": ["\ud800"], "signature_name": "\udfff"}),
            f'{{"inputs": [{10**400}]}}',
            json.dumps({"examples": [{"x": nested}], "signature_name": "regress"}),
            " " * rng.randrange(100_001, 200_000),
            "[" * rng.randrange(1000, 90_000),
        ]
    ).encode("utf-8", "replace")


def test_malformed_requests_are_answered_and_harm_nothing(server, ask):
    rng = random.Random(0)
    host, _, port = server.rest.partition(":")
    for _ in range(100):
        body = malformed(rng)
        method = rng.choice(["predict", "predict", "classify", "regress"])
        answer = ask("POST", f"/v1/models/tiny:{method}", body)
        assert 400 <= answer.status_code < 500, (body[:200], answer.text)
        assert len(answer.json()["error"].split()) > 3
        with socket.create_connection((host, int(port))) as cut:
            head = (
                f"POST /v1/models/tiny:predict HTTP/1.1\r\nContent-Length: {len(body)}"
            )
            cut.sendall((head + "\r\nHost: a\r\n\r\n").encode() + body[:-1])
    assert ask("POST", "/v1/models/tiny:predict", ONE).json() == {"predictions": [3]}
