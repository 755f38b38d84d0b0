"""Both clients, against the local server and against ones that misbehave."""

import http.server
import json
import math
import threading

import numpy as np
import pytest

from rnnzoo.serving import Client, ServingError
from rnnzoo.serving.grpc_client import GrpcClient


@pytest.fixture(params=[Client, GrpcClient])
def connect(request, server):
    """Makes a client of the model `tiny`, over HTTP and over gRPC."""

    def make(model="tiny", **settings):
        address = server.rest if request.param is Client else server.grpc
        return request.param(address, model, **settings)

    return make


def test_predict(connect):
    with connect() as client:
        assert client.predict([1.0, 2]) == [3, 6]
        assert client.predict({"ids": [1, 2], "lengths": 2}, "two") == [
            {"a": [1, 2], "b": 2}
        ]
        rows = [{"ids": np.array([1, 2]), "lengths": n} for n in (1, 2)]
        assert [row["b"] for row in client.predict(rows, signature="two")] == [1, 2]


def test_classify_and_regress(connect):
    with connect() as client:
        assert client.classify([{"x": 0.25}]) == [[("low", 0.75), ("high", 0.25)]]
        assert client.regress([{"x": 0.25}, {"x": 0.5}]) == [0.25, 0.5]


def test_version_and_status(connect):
    with connect(version=1) as client:
        assert client.predict([1.0]) == [2]
        assert client.status() == {1: "AVAILABLE"}
    with connect() as client:
        assert client.status() == {2: "AVAILABLE", 1: "AVAILABLE"}


def test_the_servers_text_is_the_errors(connect):
    with connect("none") as client:
        with pytest.raises(ServingError, match=r"request: Latest\(none\)") as raised:
            client.predict([1.0])
        assert raised.value.code == "NOT_FOUND"
        with pytest.raises(ServingError, match="any versions of model none"):
            client.status()
    with connect() as client:
        with pytest.raises(ServingError, match='"no" not found'):
            client.predict([1.0], "no")
        with pytest.raises(ServingError, match="Feature: x"):
            client.regress([{"y": 1.0}])


def test_no_answer_in_time(connect):
    with (
        connect(timeout=0.2) as client,
        pytest.raises(TimeoutError, match=r"0\.2 seconds"),
    ):
        client.predict([3e5], "slow")


def test_metadata(connect):
    with connect() as client:
        assert client.metadata()["two"]["inputs"]["ids"]["dtype"] == "DT_INT32"


def test_numbers_that_are_none(connect):
    with connect() as client:
        assert math.isnan(client.predict([math.nan])[0])


@pytest.mark.parametrize(
    "rows",
    [
        ["a"],
        [{"ids": [1]}],
        [{"ids": [1], "lengths": 1}, {"ids": [1, 2], "lengths": 2}],
    ],
)
def test_rows_that_do_not_fit(connect, rows):
    with connect() as client, pytest.raises(ServingError) as raised:
        client.predict(rows, "two")
    assert raised.value.code == "INVALID_ARGUMENT"


def test_no_server():
    with pytest.raises(ConnectionError, match=r"localhost:1.*rnnzoo serve"):
        Client("localhost:1", "tiny").predict(["a"])
    with pytest.raises(ConnectionError, match=r"localhost:1.*rnnzoo serve"):
        GrpcClient("localhost:1", "tiny", retries=0).predict(["a"])


@pytest.fixture
def answering():
    """A server that answers what it is told to, one answer after the other."""
    answers, received = [], []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            size = int(self.headers["Content-Length"])
            received.append(json.loads(self.rfile.read(size)))
            status, body = answers.pop(0)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("localhost", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"localhost:{running.server_port}", answers, received
        running.shutdown()
        thread.join()


BUSY = (503, b'{"error": "busy"}')
FINE = (200, b'{"predictions": ["yes"]}')


def test_busy_servers_are_asked_again(answering):
    address, answers, received = answering
    answers += [BUSY, BUSY, FINE]
    with Client(address, "tiny") as client:
        assert client.predict(["a"]) == ["yes"]
    assert len(received) == 3
    answers += [BUSY] * 2
    client = Client(address, "tiny", retries=1)
    with pytest.raises(ServingError, match="busy") as raised:
        client.predict(["a"])
    client.close()
    assert raised.value.code == "UNAVAILABLE"
    assert answers == []


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (500, b'{"error": "broken"}', "broken"),
        (502, b"<html>Bad Gateway</html>", "Bad Gateway"),
        (429, b"", "429"),
    ],
)
def test_other_errors_are_not_asked_again(answering, status, body, message):
    address, answers, received = answering
    answers += [(status, body)]
    with Client(address, "tiny") as client, pytest.raises(ServingError, match=message):
        client.predict(["a"])
    assert len(received) == 1


def test_bytes_that_are_no_text(answering):
    address, answers, received = answering
    answers += [FINE]
    with Client(address, "tiny") as client:
        client.predict([b"\xff", b"a"])
    assert received[0]["instances"] == [{"b64": "/w=="}, "a"]
