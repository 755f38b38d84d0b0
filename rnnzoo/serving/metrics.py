"""`Metrics`: request metrics of a server, in the Prometheus format."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass

import prometheus_client

CONTENT_TYPE = prometheus_client.CONTENT_TYPE_LATEST


@dataclass
class Request:
    """Labels of a request. `model` is empty for an unknown model."""

    model: str = ""
    method: str = ""
    status: str = ""


class Metrics:
    """Counts requests and measures their duration."""

    def __init__(self):
        self._registry = prometheus_client.CollectorRegistry()
        self._requests = prometheus_client.Counter(
            "rnnzoo_requests",
            "Requests by HTTP status",
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
        """Measures the block as a request, whose labels the caller sets."""
        start, request = time.perf_counter(), Request()
        with self._in_flight.track_inprogress():
            yield request
        self._requests.labels(request.model, request.method, request.status).inc()
        seconds = time.perf_counter() - start
        self._seconds.labels(request.model, request.method).observe(seconds)

    def page(self) -> bytes:
        """Returns the metrics in the Prometheus text format."""
        return prometheus_client.generate_latest(self._registry)
