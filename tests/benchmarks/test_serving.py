"""The benchmark of serving, in miniature."""

import csv

import pytest
from harness.scripts import run


@pytest.mark.slow
def test_a_row_for_every_case(tmp_path):
    path = tmp_path / "serving.csv"
    sizes = ["--words", "3", "--clients", "1", "2", "--requests", "2"]
    process = run("benchmarks/serving.py", "--results", path, *sizes)
    assert process.returncode == 0, process.stderr
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(r["model"], r["through"], r["clients"]) for r in rows} == {
        (model, through, clients)
        for model in ("rnnzoo", "keras")
        for through in ("process", "server")
        for clients in ("1", "2")
    }
    assert {r["errors"] for r in rows} == {"0"}
    assert all(0 < float(r["p50_ms"]) <= float(r["p99_ms"]) for r in rows)
    assert all(float(r["size_mb"]) > 1 for r in rows)
    assert len(process.stdout.splitlines()) == 8
