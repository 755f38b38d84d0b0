"""What the tests of scripts share."""

from pathlib import Path

import keras
import pytest

from rnnzoo.tasks.base import TextModel


@pytest.fixture
def unexported(monkeypatch):
    """Models are not exported, which takes longer than all that the script does."""
    monkeypatch.setattr(
        TextModel,
        "export_saved_model",
        lambda model, directory, about=None: Path(directory) / "1",
    )


@pytest.fixture
def uncompiled_steps(monkeypatch):
    """No step is compiled: three batches take less than that."""
    eager = property(lambda model: True, lambda model, value: None)
    monkeypatch.setattr(keras.Model, "run_eagerly", eager)
