"""The benchmark of dropout, in miniature."""

import pytest
from harness.scripts import run


@pytest.mark.slow
def test_a_line_for_every_shape():
    process = run("benchmarks/dropout.py", "--rounds", "1")
    assert process.returncode == 0, process.stderr
    heading, *lines = process.stdout.splitlines()
    assert heading.split() == ["shape", "rnnzoo", "Keras"]
    assert len(lines) == 3
    assert all(float(time) > 0 for line in lines for time in line.split()[-2:])
