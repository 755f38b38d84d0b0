"""`Metrics`: what a server counts, in the format of Prometheus."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass

import prometheus_client

CONTENT_TYPE = prometheus_client.CONTENT_TYPE_LATEST


@dataclass
class Request:
    """What is told of a request: empty for a model that is not there."""

    model: str = ""
    method: str = ""
    status: str = ""


class Metrics:
    """Counts requests and their seconds."""

    def __init__(self):
        self._registry = prometheus_client.CollectorRegistry()
        self._requests = prometheus_client.Counter(
            "rnnzoo_requests",
            "Requests, by the status of their answer",
            ["model", "method", "status"],
            registry=self._registry,
        )
        self._seconds = prometheus_client.Histogram(
            "rnnzoo_request_seconds",
            "Seconds from a request to its answer",
            ["model", "method"],
            registry=self._registry,
        )
        self._in_flight = prometheus_client.Gauge(
            "rnnzoo_requests_in_flight",
            "Requests that are being answered",
            registry=self._registry,
        )

    @contextlib.contextmanager
    def request(self) -> Iterator[Request]:
        """Counts what happens within; the caller fills in what it was."""
        start, told = time.perf_counter(), Request()
        with self._in_flight.track_inprogress():
            yield told
        self._requests.labels(told.model, told.method, told.status).inc()
        seconds = time.perf_counter() - start
        self._seconds.labels(told.model, told.method).observe(seconds)

    def page(self) -> bytes:
        """The figures, as Prometheus reads them."""
        return prometheus_client.generate_latest(self._registry)
