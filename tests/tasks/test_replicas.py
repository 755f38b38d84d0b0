"""Two replicas of a `MirroredStrategy`."""

import math
import os
import subprocess
import sys

from harness.scripts import ROOT
from harness.tasks import TASKS


def test_every_task_trains_on_two_replicas():
    process = subprocess.run(
        [sys.executable, "tests/tasks/replicas.py"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
    )
    assert process.returncode == 0, process.stderr[-2000:]
    losses = dict(line.split(maxsplit=1) for line in process.stdout.splitlines())
    assert losses.keys() == TASKS.keys()
    for values in losses.values():
        assert all(math.isfinite(float(value)) for value in values.split())
