"""Memory that is freed and asked for again."""

import subprocess
import sys

import pytest

from rnnzoo.training.memory import keep_freed_memory

FAULTS = """
import resource
import numpy as np
from rnnzoo.training.memory import keep_freed_memory
if {kept}:
    keep_freed_memory()
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
np.ones(2**24)
before = faults()
for _ in range(5):
    np.ones(2**24)
print(faults() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="of glibc")
def test_the_same_pages_serve_again():
    """128 MB are 32,768 pages of 4 kB."""
    new, kept = (
        int(
            subprocess.run(
                [sys.executable, "-c", FAULTS.format(kept=kept)],
                capture_output=True,
                check=True,
                text=True,
            ).stdout
        )
        for kept in (False, True)
    )
    assert kept < new / 100 or new < 1000


def test_another_c_library(monkeypatch):
    monkeypatch.setattr("ctypes.CDLL", lambda name: object())
    keep_freed_memory()
