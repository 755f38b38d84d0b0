"""The benchmark of the whole step, in miniature."""

import csv

import pytest
from harness.scripts import run


@pytest.mark.slow
def test_a_row_for_every_competitor(tmp_path):
    path = tmp_path / "fit.csv"
    sizes = ["--batch", "2", "--time", "3", "--rounds", "1"]
    process = run("benchmarks/fit.py", "--results", path, *sizes)
    assert process.returncode == 0, process.stderr
    with path.open(newline="") as file:
        rows = {row["competitor"]: row for row in csv.DictReader(file)}
    assert {"rnnzoo", "keras", "keras_plain"} <= rows.keys()
    assert rows["rnnzoo"]["times_rnnzoo"] == "1.0"
    assert all(float(row["min_ms"]) > 0 for row in rows.values())
