"""TensorFlow Serving's REST API, as an ASGI application.

Paths, status codes and error texts are those of model_servers/http_rest_api_util.cc
and http_rest_api_handler.cc.
"""

import asyncio
import json
import re
import time
from urllib.parse import unquote

import prometheus_client
import tensorflow as tf
from google.protobuf import json_format
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from rnnzoo.serving.batcher import Batcher
from rnnzoo.serving.errors import ServingError, invalid
from rnnzoo.serving.json_body import dump_body, parse_body, shown
from rnnzoo.serving.json_examples import check_method, request_examples, results_body
from rnnzoo.serving.json_tensors import request_tensors, response_body
from rnnzoo.serving.loaded_version import DEFAULT_SIGNATURE, LoadedVersion
from rnnzoo.serving.models import Models

_WHICH = r"(?:/versions/(?P<version>\d+)|/labels/(?P<label>[^/:]+))?"
_ASK = re.compile(rf"(?i:/v1/models/(?P<name>[^/:]+){_WHICH}):(?P<method>\w+)")
_LOOK = re.compile(
    rf"/v1/models(?:/(?P<name>[^/:]+))?{_WHICH}(?P<metadata>/metadata)?", re.IGNORECASE
)
_EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_METHODS = ("predict", "classify", "regress")
_LARGEST_VERSION = 2**63 - 1


class Rest:
    """Answers requests over HTTP.

    Args:
        models: what is served.
        batcher: runs it.
        max_body: bytes that the body of a request may have.
    """

    def __init__(self, models: Models, batcher: Batcher, max_body: int = 16 * 2**20):
        self.models = models
        self.batcher = batcher
        self.max_body = max_body
        registry = self._registry = prometheus_client.CollectorRegistry()
        self._requests = prometheus_client.Counter(
            "rnnzoo_requests",
            "Requests, by the status of their answer",
            ["model", "method", "status"],
            registry=registry,
        )
        self._seconds = prometheus_client.Histogram(
            "rnnzoo_request_seconds",
            "Seconds from a request to its answer",
            ["model", "method"],
            registry=registry,
        )
        self._in_flight = prometheus_client.Gauge(
            "rnnzoo_requests_in_flight",
            "Requests that are being answered",
            registry=registry,
        )

    def application(self, **kwargs) -> Starlette:
        """The ASGI application; `kwargs` are Starlette's."""
        routes = [
            Route("/metrics", self._metrics),
            Route("/v1/{path:path}", self._answer, methods=_EVERY_METHOD),
        ]
        application = Starlette(routes=routes, **kwargs)
        application.router.redirect_slashes = False
        return application

    async def _metrics(self, request: Request) -> Response:
        return Response(
            prometheus_client.generate_latest(self._registry),
            media_type=prometheus_client.CONTENT_TYPE_LATEST,
        )

    async def _answer(self, request: Request) -> Response:
        start = time.perf_counter()
        name, method, status = "", "", 200
        try:
            name, method, answer = self._route(request)
            with self._in_flight.track_inprogress():
                body = await answer(request)
        except ServingError as error:
            status, body = error.status, {"error": str(error)}
        except ClientDisconnect:
            status, body = 499, {"error": "The client has gone."}
        known = name if name in self.models.names() else ""
        self._requests.labels(known, method, status).inc()
        self._seconds.labels(known, method).observe(time.perf_counter() - start)
        return Response(dump_body(body), status, media_type="application/json")

    def _route(self, request):
        """The model's name, the method, and what answers."""
        path = _path(request)
        found = None
        if request.method == "POST":
            found = _ASK.fullmatch(path)
            if found and found["method"] in _METHODS:
                method = found["method"]
                return unquote(found["name"]), method, self._asking(method, found)
            found = None
        elif request.method == "GET":
            found = _LOOK.fullmatch(path)
        if not found:
            raise invalid(f"Malformed request: {request.method} {path}")
        if found["name"] is None:
            raise invalid("Missing model name in request.")
        method = "metadata" if found["metadata"] else "status"
        look = {"metadata": self._metadata, "status": self._status}[method]

        async def answer(request):
            return look(found)

        return unquote(found["name"]), method, answer

    def _asking(self, method, found):
        async def answer(request):
            body = parse_body(await self._body(request))
            signature = _signature(body)
            if method == "predict":
                version = self._version(found)
                definition = version.signature_def(signature)
                dtypes = {k: tf.as_dtype(v.dtype) for k, v in definition.inputs.items()}
                inputs, row = request_tensors(body, dtypes)
                outputs = await self.batcher.run(version, signature, inputs)
                return response_body(outputs, row)
            inputs = request_examples(body)
            version = self._version(found)
            check_method(method, signature, version.signature_defs.get(signature))
            outputs = await self.batcher.run(version, signature, inputs)
            return results_body(method, outputs)

        return answer

    async def _body(self, request):
        body = bytearray()
        try:
            async with asyncio.timeout(self.batcher.timeout):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > self.max_body:
                        raise ServingError(
                            "INVALID_ARGUMENT",
                            f"The body is larger than {self.max_body} bytes.",
                            status=413,
                        )
        except TimeoutError:
            raise ServingError(
                "DEADLINE_EXCEEDED",
                f"The body did not arrive within {self.batcher.timeout:g} seconds.",
                status=408,
            ) from None
        return bytes(body)

    def _version(self, found) -> LoadedVersion:
        if found["label"] is not None:
            # Labels are given in a server's configuration, and this one has none.
            raise invalid(
                f"Unrecognized servable version label: {unquote(found['label'])}"
            )
        return self.models.get(unquote(found["name"]), _number(found))

    def _status(self, found) -> dict:
        states = self.models.states(unquote(found["name"]), _number(found))
        return {
            "model_version_status": [
                {
                    "version": str(number),
                    "state": each.state,
                    "status": {
                        "error_code": "UNKNOWN" if each.error else "OK",
                        "error_message": each.error,
                    },
                }
                for number, each in states.items()
            ]
        }

    def _metadata(self, found) -> dict:
        version = self._version(found)
        return {
            "model_spec": {
                "name": version.name,
                "signature_name": "",
                "version": str(version.version),
            },
            "metadata": {
                "signature_def": {"signature_def": signature_defs_as_json(version)}
            },
        }


def signature_defs_as_json(version: LoadedVersion) -> dict:
    """All signatures of a version, with every field, as the metadata has them."""
    return {
        name: json.loads(
            json_format.MessageToJson(
                definition,
                preserving_proto_field_name=True,
                always_print_fields_with_no_presence=True,
            )
        )
        for name, definition in sorted(version.signature_defs.items())
    }


def _path(request):
    """The path as it was sent, with its query: that is what is matched."""
    query = request.scope["query_string"]
    path = request.scope["raw_path"] + (b"?" + query if query else b"")
    return path.decode("latin-1")


def _number(found) -> int | None:
    if found["version"] is None:
        return None
    number = int(found["version"])
    if number > _LARGEST_VERSION:
        raise invalid(f"Failed to convert version: {number} to numeric.")
    return number


def _signature(body):
    name = body.get("signature_name", "")
    if not isinstance(name, str):
        raise invalid(
            f"JSON Value: {shown(body)} not formatted correctly. 'signature_name' key "
            "must be a string value."
        )
    return name or DEFAULT_SIGNATURE
