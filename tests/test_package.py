"""Importing the package."""

import os
import subprocess
import sys

import pytest

import rnnzoo


def in_new_process(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


def test_another_backend_is_refused_in_a_sentence():
    run = in_new_process("import rnnzoo.layers", KERAS_BACKEND="jax")
    assert run.returncode == 1
    assert "KERAS_BACKEND is 'jax'. Unset it, or set it to 'tensorflow'" in run.stderr


def test_import_is_light():
    run = in_new_process(
        "import rnnzoo, sys; print({'keras', 'numpy'} & {*sys.modules})"
    )
    assert run.stdout == "set()\n"


def test_unknown_name():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = rnnzoo.nothing
