"""Importing the package."""

import os
import re
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
    assert re.search("'jax'.*KERAS_BACKEND=tensorflow", run.stderr)


def test_another_backend_in_the_config_of_keras_is_refused(tmp_path):
    (tmp_path / "keras.json").write_text('{"backend": "jax"}')
    run = in_new_process("import rnnzoo", KERAS_HOME=str(tmp_path), KERAS_BACKEND="")
    assert re.search("ImportError: .*'jax'", run.stderr)
    assert '"backend": "tensorflow"' in run.stderr
    assert f"{tmp_path}/keras.json" in run.stderr


def test_import_is_light():
    run = in_new_process(
        "import rnnzoo, sys; print({'keras', 'numpy'} & {*sys.modules})"
    )
    assert run.stdout == "set()\n"


def test_unknown_name():
    with pytest.raises(AttributeError, match=r"'rnnzoo'.*'nothing'"):
        _ = rnnzoo.nothing
