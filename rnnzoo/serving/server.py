"""`serve`: a local server for the models of a folder, over HTTP and gRPC."""

import asyncio
import contextlib
import logging
import math
import os
import signal
import sys
from pathlib import Path

import uvicorn

from rnnzoo.serving.batcher import Batcher
from rnnzoo.serving.grpc_service import grpc_server
from rnnzoo.serving.limits import Limits
from rnnzoo.serving.metrics import Metrics
from rnnzoo.serving.models import Models
from rnnzoo.serving.rest import Rest
from rnnzoo.serving.saved_model import WRITTEN_BY

_LOG = logging.getLogger(__name__)
_LAST_PORT = 2**16 - 1
# Longer than clients keep idle connections, which would fail on a closed one.
_KEEP_ALIVE_SECONDS = 75
_POLL_SECONDS = 1.0  # TensorFlow Serving's interval.


def serve(
    directory: str | Path,
    host: str = "127.0.0.1",
    port: int = 8501,
    grpc_port: int | None = None,
    limits: Limits | None = None,
) -> None:
    """Serves models until SIGTERM or SIGINT, and then finishes the current requests.

    Args:
        directory: Folder of models, or folder of one model.
        host: Address to listen on.
        port: Port of the REST API; 0 takes a free one and prints it.
        grpc_port: Port of the gRPC services; 0 takes a free one, `None` disables gRPC.
        limits: Limits of a request.

    Raises:
        FileNotFoundError: If the directory has no model that can be loaded.
        ValueError: If a port is not in range.
    """
    for name, number in (("port", port), ("grpc_port", grpc_port)):
        if number is not None and not 0 <= number <= _LAST_PORT:
            raise ValueError(f"`{name}` must be in 0..{_LAST_PORT}, got {number}.")
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    limits = limits or Limits()
    models = _load_models(directory)
    batcher = Batcher(limits)
    address = f"[{host}]" if ":" in host else host
    grpc_address = None if grpc_port is None else f"{address}:{grpc_port}"
    application = Rest(models, batcher, Metrics()).application(
        lifespan=lambda _: _running(models, batcher, grpc_address)
    )
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        access_log=False,
        limit_concurrency=limits.max_waiting,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=math.ceil(limits.timeout) + 1,
    )
    # uvicorn raises the signal again after the last answer. `sys.exit` would wait for
    # threads whose results nobody needs.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))
    uvicorn.Server(config).run()


def _load_models(directory) -> Models:
    models = Models(directory)
    models.scan()
    if models.names():
        return models
    if errors := "; ".join(models.errors()):
        raise FileNotFoundError(f"No model in {directory} can be loaded: {errors}")
    raise FileNotFoundError(
        f"There is no model in {directory}: expected a folder for each, with its "
        f"versions, such as {Path(directory) / 'sentiment_lstm' / '1'}. {WRITTEN_BY}"
    )


@contextlib.asynccontextmanager
async def _running(models: Models, batcher: Batcher, grpc_address: str | None):
    """Polls for new versions and runs the gRPC server beside the REST API."""
    polling = asyncio.create_task(_poll(models))
    server = None
    if grpc_address is not None:
        server, bound = grpc_server(models, batcher, grpc_address)
        await server.start()
        _LOG.info("gRPC on %s:%d", grpc_address.rpartition(":")[0], bound)
    yield
    polling.cancel()
    if server:
        await server.stop(grace=batcher.limits.timeout)
    batcher.close()


async def _poll(models: Models) -> None:
    while True:
        await asyncio.sleep(_POLL_SECONDS)
        try:
            await asyncio.to_thread(models.scan)
        except OSError as error:  # A file may vanish during the scan.
            _LOG.warning("Cannot scan for new versions: %s", error)
