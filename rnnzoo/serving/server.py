"""`serve`: the models of a folder over HTTP, and over gRPC, for trying them out."""

import asyncio
import contextlib
import logging
import signal
import sys
from pathlib import Path

import uvicorn

from rnnzoo.serving.batcher import Batcher
from rnnzoo.serving.grpc_service import grpc_server
from rnnzoo.serving.models import Models
from rnnzoo.serving.rest import Rest

_LOG = logging.getLogger(__name__)
_POLL_SECONDS = 1.0  # As TensorFlow Serving looks for new versions.


def serve(
    directory: str | Path,
    host: str = "127.0.0.1",
    port: int = 8501,
    grpc_port: int | None = None,
    max_body: int = 16 * 2**20,
    max_batch: int = 64,
    timeout: float = 30.0,
) -> None:
    """Serves until SIGTERM or SIGINT, and then answers what is under way.

    Args:
        directory: a folder of models, or one model's own.
        host: the address to listen on.
        port: of the REST API; 0 takes a free one, which is printed.
        grpc_port: of the gRPC services, 0 for a free one; by default there are none.
        max_body: bytes that a request's body may have.
        max_batch: rows that a request may have, and a batch of several.
        timeout: seconds that a request may take.

    Raises:
        FileNotFoundError: if the directory holds no model.
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    models = Models(directory)
    models.scan()
    if not models.names():
        raise FileNotFoundError(
            f"There is no model in {directory}: expected a folder for each, with its "
            f"versions, such as {Path(directory) / 'sentiment_lstm' / '1'}. A recipe's "
            "script writes one, for example: python recipes/sentiment.py"
        )
    batcher = Batcher(max_batch=max_batch, timeout=timeout)

    @contextlib.asynccontextmanager
    async def lifespan(application):
        polling = asyncio.create_task(_poll(models))
        also = None
        if grpc_port is not None:
            also, bound = grpc_server(models, batcher, f"{host}:{grpc_port}")
            await also.start()
            _LOG.info("gRPC on %s:%d", host, bound)
        yield
        polling.cancel()
        if also:
            await also.stop(grace=timeout)
        batcher.close()

    application = Rest(models, batcher, max_body).application(lifespan=lifespan)
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        access_log=False,
        timeout_graceful_shutdown=int(timeout) + 1,
    )
    # What uvicorn raises anew once everything is answered.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    uvicorn.Server(config).run()


async def _poll(models: Models) -> None:
    while True:
        await asyncio.sleep(_POLL_SECONDS)
        try:
            await asyncio.to_thread(models.scan)
        except OSError as error:  # The folder may be away for a moment.
            _LOG.warning("Cannot look for new versions: %s", error)
