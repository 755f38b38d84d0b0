"""What a server counts, read back by Prometheus' own parser."""

from prometheus_client.parser import text_string_to_metric_families

from rnnzoo.serving.metrics import Metrics


def test_requests_by_their_status():
    metrics = Metrics()
    for status in ("200", "404", "200"):
        with metrics.request() as told:
            told.model, told.method, told.status = "film", "predict", status
    with metrics.request():
        page = metrics.page().decode()
    samples = {
        (sample.name, sample.labels.get("status", "")): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }
    assert samples["rnnzoo_requests_total", "200"] == 2
    assert samples["rnnzoo_requests_total", "404"] == 1
    assert samples["rnnzoo_request_seconds_count", ""] == 3
    assert samples["rnnzoo_requests_in_flight", ""] == 1
