"""The benchmark of the whole step, in miniature."""

import csv
import subprocess
import sys

from harness.scripts import ROOT


def test_a_row_for_every_competitor(tmp_path):
    path = tmp_path / "fit.csv"
    sizes = ["--batch", "2", "--time", "3", "--rounds", "1"]
    process = subprocess.run(
        [sys.executable, "benchmarks/fit.py", "--results", path, *sizes],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr
    with path.open(newline="") as file:
        rows = {row["competitor"]: row for row in csv.DictReader(file)}
    assert {"rnnzoo", "keras", "keras_plain"} <= rows.keys()
    assert rows["rnnzoo"]["times_rnnzoo"] == "1.0"
    assert all(float(row["min_ms"]) > 0 for row in rows.values())
