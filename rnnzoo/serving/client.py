"""`Client`: sends requests to TensorFlow Serving or the local server over HTTP."""

import base64
import urllib.parse
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

import requests
import urllib3

from rnnzoo.serving.errors import HTTP_STATUS, ServingError
from rnnzoo.serving.json_body import dump_body

_BACKOFF_SECONDS = 0.2
_CODES = {status: code for code, status in reversed(HTTP_STATUS.items())}
Row = str | bytes | Mapping[str, object]


class Client(AbstractContextManager):
    """Client of one model of a server.

    Args:
        address: Host and port of the REST API, such as "localhost:8501".
        model: Name of the model.
        version: Version of the model; by default the newest.
        timeout: Seconds to wait for an answer.
        retries: Number of retries if the server is busy (status 503).

    Methods raise a `ServingError` with the server's message if the server refuses the
    request, a `ConnectionError` without a server, a `TimeoutError` after the timeout.
    """

    def __init__(
        self,
        address: str,
        model: str,
        version: int | None = None,
        timeout: float = 30.0,
        retries: int = 3,
    ):
        self.address = address.removeprefix("http://").rstrip("/")
        self._url = (
            f"http://{self.address}/v1/models/{urllib.parse.quote(model, safe='')}"
        )
        if version is not None:
            self._url += f"/versions/{version}"
        self._timeout = timeout
        self._session = requests.Session()
        self._session.trust_env = False  # Ignore proxy settings.
        retry = urllib3.Retry(
            total=None,
            connect=0,
            read=False,  # Raise time-outs as they are.
            status=retries,
            status_forcelist=[503],
            allowed_methods=None,  # Models have no state, so retries are safe.
            backoff_factor=_BACKOFF_SECONDS,
            raise_on_status=False,
        )
        self._session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))

    def predict(
        self, rows: Row | Sequence[Row], signature: str = "serving_default"
    ) -> list:
        """Returns the model's outputs for rows.

        Args:
            rows: Values of the input, such as texts; for several inputs a dictionary by
                input for each row. A single row becomes a list.
            signature: Name of the signature.

        Returns:
            A dictionary of outputs for each row, or the value of a single output.
        """
        body = {"signature_name": signature, "instances": as_json(row_list(rows))}
        return self._send("POST", ":predict", body)["predictions"]

    def classify(
        self, examples: Sequence[Mapping[str, object]], signature: str = "classify"
    ) -> list[list[tuple[str, float]]]:
        """Returns labels and scores for examples, given as dictionaries of features."""
        results = self._results("classify", examples, signature)
        return [[(label, score) for label, score in row] for row in results]

    def regress(
        self, examples: Sequence[Mapping[str, object]], signature: str = "regress"
    ) -> list[float]:
        """Returns a number for each example, given as a dictionary of features."""
        return self._results("regress", examples, signature)

    def status(self) -> dict[int, str]:
        """Returns the state, such as "AVAILABLE", of each version of the model."""
        statuses = self._send("GET", "")["model_version_status"]
        return {int(status["version"]): status["state"] for status in statuses}

    def metadata(self) -> dict:
        """Returns the model's signatures: names, dtypes and shapes."""
        metadata = self._send("GET", "/metadata")["metadata"]
        return metadata["signature_def"]["signature_def"]

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()

    def __exit__(self, *error) -> None:
        self.close()

    def _results(self, method, examples, signature):
        body = {"signature_name": signature, "examples": as_json(list(examples))}
        return self._send("POST", f":{method}", body)["results"]

    def _send(self, method: str, path: str, body: dict | None = None) -> dict:
        data = None if body is None else dump_body(body)
        try:
            response = self._session.request(
                method, self._url + path, data=data, timeout=self._timeout
            )
        except requests.Timeout as error:
            raise no_answer(self.address, self._timeout) from error
        except requests.ConnectionError as error:
            raise no_server(self.address) from error
        if response.ok:
            return response.json()
        code = _CODES.get(response.status_code, "UNKNOWN")
        raise ServingError(code, _error_text(response), response.status_code)


def row_list(rows: Row | Sequence[Row]) -> list[Row]:
    """Returns rows as a list; a single text or dictionary becomes a list."""
    return [rows] if isinstance(rows, (str, bytes, Mapping)) else list(rows)


def no_server(address: str) -> ConnectionError:
    """Returns the error for an address where no server listens."""
    command = "python -m rnnzoo serve saved_models"
    return ConnectionError(f"No server answers at {address}. Start one: {command}")


def no_answer(address: str, timeout: float) -> TimeoutError:
    """Returns the error for a server that is too slow."""
    return TimeoutError(f"{address} did not answer within {timeout:g} seconds.")


def _error_text(response):
    try:
        return response.json()["error"]
    except (ValueError, KeyError, TypeError):  # Not a model server's error.
        return response.text or f"HTTP status {response.status_code}"


def as_json(value: object) -> object:
    """Returns a value that JSON can hold, with invalid UTF-8 as base64.

    >>> as_json([b"film", bytes([255])])
    ['film', {'b64': '/w=='}]
    """
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return {"b64": base64.b64encode(value).decode()}
    if isinstance(value, Mapping):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    return value.tolist() if hasattr(value, "tolist") else value
