"""What the tests of scripts share."""

import functools
from pathlib import Path

import keras
import pytest

from rnnzoo.tasks.base import Task


@pytest.fixture
def unexported(monkeypatch):
    """Models are not exported, which takes longer than the rest of the script."""
    monkeypatch.setattr(
        Task,
        "export_saved_model",
        lambda model, directory, about=None: Path(directory) / "1",
    )


@pytest.fixture
def uncompiled_steps(monkeypatch):
    """No step is compiled: three batches take less time than that."""
    eager = property(lambda model: True, lambda model, value: None)
    monkeypatch.setattr(keras.Model, "run_eagerly", eager)


@pytest.fixture
def no_training(monkeypatch):
    """Fails the test if anything is trained."""
    monkeypatch.setattr(
        "rnnzoo.training.runner.fit_best", lambda *_, **__: pytest.fail("it trained")
    )


@pytest.fixture
def loads(monkeypatch):
    """Replaces the data that a task loads, whatever the command line asks for."""

    def replace(task, data):
        # The flags of the data follow from the signature, which is kept.
        load = functools.wraps(task.load)(lambda *_, **__: data)
        monkeypatch.setattr(task, "load", staticmethod(load))

    return replace
