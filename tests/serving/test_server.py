"""The life of a server: how it starts, changes models under load, and stops."""

import http.client
import re
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from harness.tiny import write_tiny

from rnnzoo.__main__ import main
from rnnzoo.serving import Client, LocalServer, ServingError


def test_a_new_version_fails_no_request(tmp_path):
    write_tiny(tmp_path / "tiny" / "1", 2.0)
    write_tiny(tmp_path / "later", 3.0)
    done = threading.Event()

    def ask_until_done(address):
        seen = []
        with Client(address, "tiny") as client:
            while not done.is_set():
                seen += client.predict([1.0])
        return seen

    with LocalServer(tmp_path / "tiny") as server, ThreadPoolExecutor() as threads:
        asking = [threads.submit(ask_until_done, server.rest) for _ in range(4)]
        with Client(server.rest, "tiny") as client:
            (tmp_path / "later").rename(tmp_path / "tiny" / "2")
            assert any(client.predict([1.0]) == [3] for _ in range(100_000))
            shutil.rmtree(tmp_path / "tiny" / "1")
            assert any(list(client.status()) == [2] for _ in range(100_000))
        done.set()
        seen = [thread.result() for thread in asking]
    assert all(set(each) == {2, 3} and each == sorted(each) for each in seen)


def test_sigterm_lets_requests_end(tmp_path):
    write_tiny(tmp_path / "tiny" / "1")
    with LocalServer(tmp_path) as server, ThreadPoolExecutor() as threads:
        client = Client(server.rest, "tiny")
        slow = threads.submit(client.predict, [300_000.0], "slow")
        wait_until_in_flight(server.rest)
        assert server.stop() == 0
        assert slow.result() == [300_000]
        client.close()


def test_sigterm_does_not_wait_for_what_nobody_waits_for(tmp_path):
    write_tiny(tmp_path / "tiny" / "1")
    with LocalServer(tmp_path, "--timeout", "0.3") as server:
        with (
            Client(server.rest, "tiny") as client,
            pytest.raises(ServingError, match=r"0\.3 seconds"),
        ):
            client.predict([1e9], "slow")
        server.process.terminate()
        assert server.process.wait(timeout=30) == 0


def wait_until_in_flight(address):
    for _ in range(100_000):
        page = requests.get(f"http://{address}/metrics").text
        if "rnnzoo_requests_in_flight 1.0" in page:
            return
    raise AssertionError(page)


@pytest.fixture(scope="module")
def impatient(tmp_path_factory):
    directory = tmp_path_factory.mktemp("models")
    write_tiny(directory / "tiny" / "1")
    with LocalServer(directory, "--timeout", "0.3") as running:
        yield running


def test_a_request_that_takes_too_long(impatient):
    body = {"signature_name": "slow", "instances": [3e5]}
    answer = requests.post(f"http://{impatient.rest}/v1/models/tiny:predict", json=body)
    assert answer.status_code == 504
    assert "0.3 seconds" in answer.json()["error"]


def test_a_body_that_does_not_come(impatient):
    connection = http.client.HTTPConnection(impatient.rest)
    connection.putrequest("POST", "/v1/models/tiny:predict")
    connection.putheader("Content-Length", "100")
    connection.endheaders(b'{"instances":')
    answer = connection.getresponse()
    assert answer.status == 408
    assert b"0.3 seconds" in answer.read()
    connection.close()


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    directory = tmp_path_factory.mktemp("folders")
    (directory / "empty").mkdir()
    (directory / "broken" / "tiny" / "1").mkdir(parents=True)
    write_tiny(directory / "fine" / "tiny" / "1")
    return directory


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], "nothing/sentiment_lstm/1"),
        (["empty"], "empty/sentiment_lstm/1"),
        (["broken"], "broken.*tiny, version 1: "),
        (["fine", "--port", "70000"], "`port`.* 70000"),
        (["fine", "--timeout", "inf"], "`timeout`.* inf"),
        (["fine", "--max-batch", "0"], "`max_batch`.* 0"),
    ],
)
def test_what_cannot_be_served(folders, arguments, message, monkeypatch, capsys):
    monkeypatch.chdir(folders)
    with pytest.raises(SystemExit) as stop:
        main(["serve", *arguments])
    assert stop.value.code == 2
    assert re.search(f"error: .*{message}", capsys.readouterr().err)
