"""`serve`: the models of a folder over HTTP, and over gRPC, for trying them out."""

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
# Longer than a client leaves a connection alone, which would find it closed.
_KEEP_ALIVE_SECONDS = 75
_POLL_SECONDS = 1.0  # As TensorFlow Serving looks for new versions.


def serve(
    directory: str | Path,
    host: str = "127.0.0.1",
    port: int = 8501,
    grpc_port: int | None = None,
    limits: Limits | None = None,
) -> None:
    """Serves until SIGTERM or SIGINT, and then answers what is under way.

    Args:
        directory: a folder of models, or one model's own.
        host: the address to listen on.
        port: of the REST API; 0 takes a free one, which is printed.
        grpc_port: of the gRPC services, 0 for a free one; by default there are none.
        limits: what a request may take.

    Raises:
        FileNotFoundError: if the directory holds no model.
        ValueError: if a port is none.
    """
    for name, number in (("port", port), ("grpc_port", grpc_port)):
        if number is not None and not 0 <= number <= _LAST_PORT:
            raise ValueError(f"`{name}` must be in 0..{_LAST_PORT}, got {number}.")
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    limits = limits or Limits()
    models = _scanned(directory)
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
    # What uvicorn raises anew once everything is answered. Not `sys.exit`, which would
    # wait for what a thread still computes, though nobody waits for that.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))
    uvicorn.Server(config).run()


def _scanned(directory) -> Models:
    models = Models(directory)
    models.scan()
    if models.names():
        return models
    if models.errors():
        raise FileNotFoundError(
            f"No model in {directory} can be loaded: {'; '.join(models.errors())}"
        )
    raise FileNotFoundError(
        f"There is no model in {directory}: expected a folder for each, with its "
        f"versions, such as {Path(directory) / 'sentiment_lstm' / '1'}. {WRITTEN_BY}"
    )


@contextlib.asynccontextmanager
async def _running(models: Models, batcher: Batcher, grpc_address: str | None):
    """What runs beside the REST API, from its start to its end."""
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
        except OSError as error:  # A file that went while it was looked at.
            _LOG.warning("Cannot look for new versions: %s", error)
