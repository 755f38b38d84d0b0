"""The benchmark of the layers, in miniature."""

import csv
import re

import pytest
from harness.scripts import run


@pytest.mark.slow
def test_a_row_for_every_competitor_and_mode(tmp_path):
    path = tmp_path / "layers.csv"
    sizes = ["--cells", "GRU", "--shapes", "2,3,4,5", "--rounds", "1"]
    process = run("benchmarks/layers.py", "--results", path, *sizes)
    assert process.returncode == 0, process.stderr
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    ours = [row for row in rows if row["competitor"] == "rnnzoo"]
    kinds = {(row["training"], row["masked"], row["mode"]) for row in ours}
    assert len(ours) == len(kinds) == 2 * 2 * 2
    assert {row["times_rnnzoo"] for row in ours} == {"1.0"}
    assert {"rnnzoo", "keras", "products"} <= {row["competitor"] for row in rows}
    assert all(float(row["min_ms"]) > 0 for row in rows)
    assert process.stdout.count("GRU       2,3,4,5") == 4


def test_a_wrong_shape_is_named():
    process = run("benchmarks/layers.py", "--shapes", "2,3,4")
    assert process.returncode == 2
    assert re.search("error: .*--shapes.*2,3,4", process.stderr)
