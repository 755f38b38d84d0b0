"""A version answers its stored requests before it is asked."""

import numpy as np
import pytest
from harness.tiny import write_tiny

from rnnzoo.export.warmup import write_warmup
from rnnzoo.serving import ServingError
from rnnzoo.serving.loaded_version import LoadedVersion
from rnnzoo.serving.warm_up import warm_up

X = {"x": np.array([1.0], "float32")}


class Noting:
    def __init__(self):
        self.asked = []

    def run(self, signature, inputs):
        self.asked.append((signature, {k: v.tolist() for k, v in inputs.items()}))


def test_every_stored_request_is_sent(tmp_path):
    version = Noting()
    write_warmup(tmp_path, "tiny", [("", X), ("slow", X)])
    warm_up(version, tmp_path)
    assert version.asked == [("serving_default", {"x": [1]}), ("slow", {"x": [1]})]


def test_nothing_stored(tmp_path):
    version = Noting()
    warm_up(version, tmp_path)
    assert version.asked == []


def test_a_request_that_fails_fails_the_load(tmp_path):
    path = write_tiny(tmp_path / "1")
    write_warmup(path, "tiny", [("none", X)])
    with pytest.raises(ServingError, match='"none" not found'):
        warm_up(LoadedVersion("tiny", 1, path), path)
