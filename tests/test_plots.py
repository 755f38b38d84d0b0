"""Figures and their pictures."""

import sys

import numpy as np
import pytest

from rnnzoo.plots import (
    check_plotting,
    confusion_matrix,
    draw_attention,
    draw_by_length,
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


def test_confusion_matrix_by_hand():
    counts = confusion_matrix([0, 0, 1, 2, 2, 2], [0, 1, 1, 2, 2, 0], classes=4)
    assert counts.tolist() == [[1, 1, 0, 0], [0, 1, 0, 0], [1, 0, 2, 0], [0, 0, 0, 0]]


def test_pictures(tmp_path):
    draw_learning_curves(LOG, tmp_path / "new" / "curves.png", "Title")
    names = ["yes", "no", "perhaps"]
    draw_confusion_matrix(np.diag([3, 0, 5]), names, tmp_path / "counts.png", "Title")
    weights = np.full((2, 3), 1 / 3)
    read = ["Ein", "Hund", ""], ["A", "dog"], weights
    draw_attention([read, read], tmp_path / "attention.png", "Title")
    lines = {"with": {5: 30.0, 10: 20.0}, "without": {5: 25.0}}
    draw_by_length(lines, tmp_path / "by_length.png", "Title", "BLEU")
    paths = [tmp_path / "new" / "curves.png", *tmp_path.glob("*.png")]
    assert len(paths) == 4
    for path in paths:
        assert path.read_bytes().startswith(PNG)


@pytest.fixture
def panels(monkeypatch):
    """What is drawn, and not stored."""
    drawn = []

    def keep(figure, path):
        drawn.extend(figure.axes)

    monkeypatch.setattr("rnnzoo.plots._save", keep)
    return drawn


def named(labels):
    return [label.get_text() for label in labels]


def test_attention_has_a_row_for_each_token_that_was_written(panels, tmp_path):
    weights = np.array([[0.7, 0.2, 0.1], [0.0, 0.1, 0.9]])
    read = ["Ein", "Hund", ""], ["dog", ""], weights
    draw_attention([read], tmp_path / "attention.png", "Title")
    (panel,) = panels
    (image,) = panel.get_images()
    np.testing.assert_array_equal(image.get_array(), weights)
    assert named(panel.get_xticklabels()) == ["Ein", "Hund", "(end)"]
    assert named(panel.get_yticklabels()) == ["dog", "(end)"]


def test_a_line_for_each_model(panels, tmp_path):
    lines = {"without": {5: 25.0, 10: 9.0}, "with": {5: 30.0}}
    draw_by_length(lines, tmp_path / "by_length.png", "Title", "BLEU")
    (panel,) = panels
    found = {
        line.get_label(): list(zip(*line.get_data(), strict=True))
        for line in panel.get_lines()
        if line.get_label() in lines
    }
    assert found == {"without": [(5, 25), (10, 9)], "with": [(5, 30)]}
    assert panel.get_ylabel() == "BLEU"
    assert panel.get_ylim()[0] == 0


def test_many_classes(tmp_path):
    names = [f"class {i}" for i in range(47)]
    path = tmp_path / "counts.png"
    draw_confusion_matrix(np.eye(47, dtype=int), names, path, "47 classes")
    assert path.read_bytes().startswith(PNG)


def test_without_matplotlib(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match="Pictures need matplotlib"):
        check_plotting()
    with pytest.raises(ImportError, match="pip install matplotlib"):
        draw_learning_curves(LOG, tmp_path / "curves.png", "Title")
