"""TensorFlow Serving's REST API, as an ASGI application.

Paths, status codes and error messages are those of model_servers/http_rest_api_*.cc.
"""

import asyncio
import logging
import re
from urllib.parse import unquote

import tensorflow as tf
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from rnnzoo.serving.batcher import Batcher
from rnnzoo.serving.errors import ServingError, invalid
from rnnzoo.serving.json_body import dump_body, message_as_json, parse_body, shown
from rnnzoo.serving.json_examples import check_method, request_examples, results_body
from rnnzoo.serving.json_tensors import request_tensors, response_body
from rnnzoo.serving.loaded_version import DEFAULT_SIGNATURE, LoadedVersion
from rnnzoo.serving.metrics import CONTENT_TYPE, Metrics
from rnnzoo.serving.models import Models

_LOG = logging.getLogger(__name__)
_VERSION = r"(?:/versions/(?P<version>\d+)|/labels/(?P<label>[^/:]+))?"
_PATHS = {
    "POST": re.compile(
        rf"(?i:/v1/models/(?P<name>[^/:]+){_VERSION}):"
        r"(?P<method>predict|classify|regress)"
    ),
    "GET": re.compile(
        rf"(?i:/v1/models(?:/(?P<name>[^/:]+))?{_VERSION}(?P<metadata>/metadata)?)"
    ),
}
_HTTP_METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE"]
_MAX_VERSION = 2**63 - 1


class Rest:
    """Answers requests over HTTP.

    Args:
        models: Models to serve.
        batcher: Batcher that runs the models and has the limits of a request.
        metrics: Metrics of the requests.
    """

    def __init__(self, models: Models, batcher: Batcher, metrics: Metrics):
        self.models = models
        self.batcher = batcher
        self.metrics = metrics

    def application(self, **kwargs) -> Starlette:
        """Returns the ASGI application; `kwargs` are arguments of `Starlette`."""
        routes = [
            Route("/metrics", self._metrics),
            Route("/{path:path}", self._answer, methods=_HTTP_METHODS),
        ]
        return Starlette(routes=routes, **kwargs)

    async def _metrics(self, request: Request) -> Response:
        return Response(self.metrics.page(), media_type=CONTENT_TYPE)

    async def _answer(self, request: Request) -> Response:
        path = _raw_path(request)
        if not path.lower().startswith("/v1/"):
            return Response("Not Found", 404)
        status = 200
        with self.metrics.request() as labels:
            try:
                match, labels.method, handler = self._route(request.method, path)
                name = unquote(match["name"])
                labels.model = name if name in self.models.names() else ""
                body = await handler(match, request)
            except ServingError as error:
                status, body = error.status, {"error": str(error)}
            except ClientDisconnect:
                status, body = 499, {"error": "The client has disconnected."}
            except Exception as error:
                _LOG.exception("Cannot answer %s %s", request.method, path)
                status, body = 500, {"error": f"{type(error).__name__}: {error}"}
            labels.status = str(status)
        return Response(dump_body(body), status, media_type="application/json")

    def _route(self, verb, path):
        """Returns the match of the path, the name of the method, and its handler."""
        match = _PATHS[verb].fullmatch(path) if verb in _PATHS else None
        if not match:
            raise invalid(f"Malformed request: {verb} {path}")
        if match["name"] is None:
            raise invalid("Missing model name in request.")
        if verb == "POST":
            method = match["method"]
        else:
            method = "metadata" if match["metadata"] else "status"
        handlers = {
            "predict": self._predict,
            "classify": self._classify_or_regress,
            "regress": self._classify_or_regress,
            "metadata": self._metadata,
            "status": self._status,
        }
        return match, method, handlers[method]

    async def _predict(self, match, request):
        body = await self._body(request)
        self.batcher.check_rows(body.get("instances"))
        signature = _signature(body)
        version = self._version(match)
        inputs = version.signature_def(signature).inputs
        if not inputs:
            raise invalid(f"Failed to get input map for signature: {signature}")
        dtypes = {name: tf.as_dtype(info.dtype) for name, info in inputs.items()}
        tensors, row = await asyncio.to_thread(request_tensors, body, dtypes)
        outputs = await self.batcher.run(version, signature, tensors)
        return response_body(outputs, row)

    async def _classify_or_regress(self, match, request):
        method = match["method"]
        body = await self._body(request)
        self.batcher.check_rows(body.get("examples"))
        signature = _signature(body)
        tensors = await asyncio.to_thread(request_examples, body)
        version = self._version(match)
        check_method(method, signature, version.signature_defs.get(signature))
        outputs = await self.batcher.run(version, signature, tensors)
        return results_body(method, outputs, len(tensors["inputs"]))

    async def _body(self, request) -> dict:
        limits, body = self.batcher.limits, bytearray()
        # A body with a declared size is refused before it is read.
        if int(request.headers.get("content-length", 0)) > limits.max_body:
            raise _too_large(limits)
        try:
            async with asyncio.timeout(limits.timeout):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > limits.max_body:
                        raise _too_large(limits)
        except TimeoutError:
            message = f"The body did not arrive within {limits.timeout:g} seconds."
            raise ServingError("DEADLINE_EXCEEDED", message, status=408) from None
        # The thread keeps the event loop free for other requests.
        return await asyncio.to_thread(parse_body, bytes(body))

    def _version(self, match) -> LoadedVersion:
        label = unquote(match["label"] or "")
        return self.models.get(unquote(match["name"]), _version_number(match), label)

    async def _status(self, match, request) -> dict:
        states = self.models.states(unquote(match["name"]), _version_number(match))
        return {
            "model_version_status": [
                {
                    "version": str(number),
                    "state": state.state,
                    "status": {
                        "error_code": "UNKNOWN" if state.error else "OK",
                        "error_message": state.error,
                    },
                }
                for number, state in states.items()
            ]
        }

    async def _metadata(self, match, request) -> dict:
        version = self._version(match)
        number = str(version.version)
        signatures = {
            name: message_as_json(definition)
            for name, definition in sorted(version.signature_defs.items())
        }
        return {
            "model_spec": {
                "name": version.name,
                "signature_name": "",
                "version": number,
            },
            "metadata": {"signature_def": {"signature_def": signatures}},
        }


def _raw_path(request):
    """Returns the undecoded path with its query, as TensorFlow Serving matches it."""
    query = request.scope["query_string"]
    path = request.scope["raw_path"] + (b"?" + query if query else b"")
    return path.decode("latin-1")


def _version_number(match) -> int | None:
    if match["version"] is None:
        return None
    digits = match["version"].lstrip("0") or "0"
    if len(digits) > 19 or int(digits) > _MAX_VERSION:
        raise invalid(f"Failed to convert version: {digits[:40]} to numeric.")
    return int(digits)


def _too_large(limits):
    message = f"The body is larger than {limits.max_body} bytes."
    return ServingError("INVALID_ARGUMENT", message, status=413)


def _signature(body):
    name = body.get("signature_name", "")
    if not isinstance(name, str):
        raise invalid(
            f"JSON Value: {shown(body)} not formatted correctly. 'signature_name' key "
            "must be a string value."
        )
    return name or DEFAULT_SIGNATURE
