"""TensorFlow Serving's REST API, as an ASGI application.

Paths, status codes and error texts are those of model_servers/http_rest_api_util.cc
and http_rest_api_handler.cc.
"""

import asyncio
import functools
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

_WHICH = r"(?:/versions/(?P<version>\d+)|/labels/(?P<label>[^/:]+))?"
_ASK = re.compile(
    rf"(?i:/v1/models/(?P<name>[^/:]+){_WHICH}):"
    r"(?P<method>predict|classify|regress)"
)
_LOOK = re.compile(
    rf"/v1/models(?:/(?P<name>[^/:]+))?{_WHICH}(?P<metadata>/metadata)?", re.IGNORECASE
)
_EVERY_METHOD = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE"]
_LARGEST_VERSION = 2**63 - 1


class Rest:
    """Answers requests over HTTP.

    Args:
        models: what is served.
        batcher: runs it, within its limits.
        metrics: counts the requests.
    """

    def __init__(self, models: Models, batcher: Batcher, metrics: Metrics):
        self.models = models
        self.batcher = batcher
        self.metrics = metrics

    def application(self, **kwargs) -> Starlette:
        """The ASGI application; `kwargs` are Starlette's."""
        routes = [
            Route("/metrics", self._metrics),
            Route("/{path:path}", self._answer, methods=_EVERY_METHOD),
        ]
        return Starlette(routes=routes, **kwargs)

    async def _metrics(self, request: Request) -> Response:
        return Response(self.metrics.page(), media_type=CONTENT_TYPE)

    async def _answer(self, request: Request) -> Response:
        path = _path(request)
        if not path.lower().startswith("/v1/"):
            return Response("Not Found", 404)
        status = 200
        with self.metrics.request() as told:
            try:
                name, told.method, answer = self._route(request.method, path)
                told.model = name if name in self.models.names() else ""
                body = await answer(request)
            except ServingError as error:
                status, body = error.status, {"error": str(error)}
            except ClientDisconnect:
                status, body = 499, {"error": "The client has gone."}
            # Whatever nobody foresaw is answered too, and told.
            except Exception as error:
                _LOG.exception("Cannot answer %s %s", request.method, path)
                status, body = 500, {"error": f"{type(error).__name__}: {error}"}
            told.status = str(status)
        return Response(dump_body(body), status, media_type="application/json")

    def _route(self, verb, path):
        """The model's name, the method, and what answers."""
        found = None
        if verb == "POST":
            found = _ASK.fullmatch(path)
        elif verb == "GET":
            found = _LOOK.fullmatch(path)
        if not found:
            raise invalid(f"Malformed request: {verb} {path}")
        if found["name"] is None:
            raise invalid("Missing model name in request.")
        if verb == "POST":
            method = found["method"]
        else:
            method = "metadata" if found["metadata"] else "status"
        answer = {
            "predict": self._predict,
            "classify": self._examples,
            "regress": self._examples,
            "metadata": self._metadata,
            "status": self._status,
        }[method]
        return unquote(found["name"]), method, functools.partial(answer, found)

    async def _predict(self, found, request):
        body = await self._body(request)
        self.batcher.check_rows(body.get("instances"))
        signature = _signature(body)
        version = self._version(found)
        inputs = version.signature_def(signature).inputs
        if not inputs:
            raise invalid(f"Failed to get input map for signature: {signature}")
        dtypes = {name: tf.as_dtype(info.dtype) for name, info in inputs.items()}
        tensors, row = await asyncio.to_thread(request_tensors, body, dtypes)
        outputs = await self.batcher.run(version, signature, tensors)
        return response_body(outputs, row)

    async def _examples(self, found, request):
        method = found["method"]
        body = await self._body(request)
        self.batcher.check_rows(body.get("examples"))
        signature = _signature(body)
        tensors = await asyncio.to_thread(request_examples, body)
        version = self._version(found)
        check_method(method, signature, version.signature_defs.get(signature))
        outputs = await self.batcher.run(version, signature, tensors)
        return results_body(method, outputs, len(tensors["inputs"]))

    async def _body(self, request) -> dict:
        limits, body = self.batcher.limits, bytearray()
        # Refused before it is read, where it says how long it is.
        if int(request.headers.get("content-length", 0)) > limits.max_body:
            raise _too_large(limits)
        try:
            async with asyncio.timeout(limits.timeout):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > limits.max_body:
                        raise _too_large(limits)
        except TimeoutError:
            raise ServingError(
                "DEADLINE_EXCEEDED",
                f"The body did not arrive within {limits.timeout:g} seconds.",
                status=408,
            ) from None
        # In a thread: the others are answered meanwhile.
        return await asyncio.to_thread(parse_body, bytes(body))

    def _version(self, found) -> LoadedVersion:
        label = unquote(found["label"] or "")
        return self.models.get(unquote(found["name"]), _number(found), label)

    async def _status(self, found, request) -> dict:
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

    async def _metadata(self, found, request) -> dict:
        version = self._version(found)
        return {
            "model_spec": {
                "name": version.name,
                "signature_name": "",
                "version": str(version.version),
            },
            "metadata": {
                "signature_def": {
                    "signature_def": {
                        name: message_as_json(definition)
                        for name, definition in sorted(version.signature_defs.items())
                    }
                }
            },
        }


def _path(request):
    """The path as it was sent, with its query: that is what is matched."""
    query = request.scope["query_string"]
    path = request.scope["raw_path"] + (b"?" + query if query else b"")
    return path.decode("latin-1")


def _number(found) -> int | None:
    if found["version"] is None:
        return None
    digits = found["version"].lstrip("0") or "0"
    if len(digits) > 19 or int(digits) > _LARGEST_VERSION:
        raise invalid(f"Failed to convert version: {digits[:40]} to numeric.")
    return int(digits)


def _too_large(limits):
    return ServingError(
        "INVALID_ARGUMENT",
        f"The body is larger than {limits.max_body} bytes.",
        status=413,
    )


def _signature(body):
    name = body.get("signature_name", "")
    if not isinstance(name, str):
        raise invalid(
            f"JSON Value: {shown(body)} not formatted correctly. 'signature_name' key "
            "must be a string value."
        )
    return name or DEFAULT_SIGNATURE
