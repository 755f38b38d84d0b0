"""The benchmark of the layers, in miniature."""

import csv
import subprocess
import sys

from harness.scripts import ROOT


def run(tmp_path, *arguments):
    path = tmp_path / "layers.csv"
    process = subprocess.run(
        [sys.executable, "benchmarks/layers.py", "--results", path, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    with path.open(newline="") as file:
        return process.stdout, list(csv.DictReader(file))


def test_a_row_for_every_competitor_and_mode(tmp_path):
    printed, rows = run(
        tmp_path, "--cells", "GRU", "--shapes", "2,3,4,5", "--rounds", "1"
    )
    ours = [row for row in rows if row["competitor"] == "rnnzoo"]
    kinds = {(row["training"], row["masked"], row["mode"]) for row in ours}
    assert len(ours) == len(kinds) == 2 * 2 * 2
    assert {row["times_rnnzoo"] for row in ours} == {"1.0"}
    assert {"rnnzoo", "keras", "products"} <= {row["competitor"] for row in rows}
    assert all(float(row["min_ms"]) > 0 for row in rows)
    assert printed.count("GRU       2,3,4,5") == 4


def test_a_wrong_shape_is_named():
    process = subprocess.run(
        [sys.executable, "benchmarks/layers.py", "--shapes", "2,3,4"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert process.returncode == 2
    assert "four positive integers, got 2,3,4" in process.stderr
