"""Counts and pictures."""

import sys

import numpy as np
import pytest

from rnnzoo.plots import (
    check_plotting,
    confusion_matrix,
    draw_confusion_matrix,
    draw_learning_curves,
)

PNG = b"\x89PNG\r\n"
LOG = {
    "loss": [0.7, 0.5],
    "val_loss": [0.8, 0.6],
    "accuracy": [0.5, 0.7],
    "val_accuracy": [0.4, 0.6],
}


def test_confusion_matrix_counts_pairs():
    counts = confusion_matrix([0, 0, 1, 2, 2, 2], [0, 1, 1, 2, 2, 0], classes=4)
    assert counts.tolist() == [[1, 1, 0, 0], [0, 1, 0, 0], [1, 0, 2, 0], [0, 0, 0, 0]]


def test_draw_functions_write_png_files(tmp_path):
    draw_learning_curves(LOG, tmp_path / "new" / "curves.png", "Title")
    names = ["yes", "no", "perhaps"]
    draw_confusion_matrix(np.diag([3, 0, 5]), names, tmp_path / "counts.png", "Title")
    paths = [tmp_path / "new" / "curves.png", *tmp_path.glob("*.png")]
    assert len(paths) == 2
    for path in paths:
        assert path.read_bytes().startswith(PNG)


def test_draw_confusion_matrix_of_many_classes_writes_a_png(tmp_path):
    names = [f"class {i}" for i in range(47)]
    path = tmp_path / "counts.png"
    draw_confusion_matrix(np.eye(47, dtype=int), names, path, "47 classes")
    assert path.read_bytes().startswith(PNG)


def test_plotting_without_matplotlib_names_the_package(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match="pip install matplotlib"):
        check_plotting()
    with pytest.raises(ImportError, match="pip install matplotlib"):
        draw_learning_curves(LOG, tmp_path / "curves.png", "Title")
