"""`Client`: asking a server over HTTP, TensorFlow Serving or the local one."""

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
    """Asks one model of a server.

    Args:
        address: host and port of its REST API, "localhost:8501".
        model: the model's name.
        version: which of its versions answers; by default the newest.
        timeout: seconds to wait for an answer.
        retries: how often a request is repeated that the server, being busy, answers
            with the status 503. Nothing else is repeated.

    Every method raises a `ServingError` with what the server says if it
    refuses, a `ConnectionError` if there is none, and a `TimeoutError` if it
    takes too long.
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
        which = "" if version is None else f"/versions/{version}"
        name = urllib.parse.quote(model, safe="")
        self._url = f"http://{self.address}/v1/models/{name}{which}"
        self._timeout = timeout
        self._session = requests.Session()
        self._session.trust_env = False  # No proxy stands before a server of models.
        retry = urllib3.Retry(
            total=None,
            connect=0,
            read=False,  # Raised as what it is, a time-out.
            status=retries,
            status_forcelist=[503],
            allowed_methods=None,  # A model has no state: any request may be repeated.
            backoff_factor=_BACKOFF_SECONDS,
            raise_on_status=False,
        )
        self._session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))

    def predict(
        self, rows: Row | Sequence[Row], signature: str = "serving_default"
    ) -> list:
        """Answers rows.

        Args:
            rows: for a signature of one input its values, such as texts; otherwise
                for each row a dictionary, the inputs by their names. One text
                alone is taken as a list of one.
            signature: which of the model's signatures answers.

        Returns:
            For each row a dictionary of the outputs; of a single output, its value.
        """
        rows = row_list(rows)
        body = {"signature_name": signature, "instances": as_json(rows)}
        return self._send("POST", ":predict", body)["predictions"]

    def classify(
        self, examples: Sequence[Mapping[str, object]], signature: str = "classify"
    ) -> list[list[tuple[str, float]]]:
        """Labels with scores for examples, dictionaries of features."""
        body = {"signature_name": signature, "examples": as_json(list(examples))}
        results = self._send("POST", ":classify", body)["results"]
        return [[(label, score) for label, score in row] for row in results]

    def regress(
        self, examples: Sequence[Mapping[str, object]], signature: str = "regress"
    ) -> list[float]:
        """A number for each of the examples, dictionaries of features."""
        body = {"signature_name": signature, "examples": as_json(list(examples))}
        return self._send("POST", ":regress", body)["results"]

    def status(self) -> dict[int, str]:
        """The state of each of the model's versions, such as "AVAILABLE"."""
        found = self._send("GET", "")["model_version_status"]
        return {int(each["version"]): each["state"] for each in found}

    def metadata(self) -> dict:
        """The model's signatures: names, types and shapes."""
        found = self._send("GET", "/metadata")["metadata"]
        return found["signature_def"]["signature_def"]

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()

    def __exit__(self, *error) -> None:
        self.close()

    def _send(self, method: str, path: str, body: dict | None = None) -> dict:
        data = None if body is None else dump_body(body)
        try:
            response = self._session.request(
                method, self._url + path, data=data, timeout=self._timeout
            )
        except requests.Timeout as error:
            raise TimeoutError(
                f"{self.address} did not answer within {self._timeout:g} seconds."
            ) from error
        except requests.ConnectionError as error:
            raise no_server(self.address) from error
        if response.ok:
            return response.json()
        raise ServingError(
            _CODES.get(response.status_code, "UNKNOWN"),
            _error_text(response),
            response.status_code,
        )


def row_list(rows: Row | Sequence[Row]) -> list[Row]:
    """Rows as a list; one text or dictionary alone is a list of one."""
    return [rows] if isinstance(rows, (str, bytes, Mapping)) else list(rows)


def no_server(address: str) -> ConnectionError:
    """What is raised where nobody listens."""
    return ConnectionError(
        f"No server answers at {address}. Start one: python -m rnnzoo serve "
        "saved_models"
    )


def _error_text(response):
    try:
        return response.json()["error"]
    except (ValueError, KeyError, TypeError):  # Not a server of models, or half of one.
        return response.text or f"HTTP status {response.status_code}"


def as_json(value: object) -> object:
    """What a request sends: text as it is, bytes that are no UTF-8 as base64.

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
