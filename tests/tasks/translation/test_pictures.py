"""Pictures of attention, and of a metric by the length of the source."""

import numpy as np
import pytest

from rnnzoo.tasks.translation.pictures import draw_attention, draw_by_length

PNG = b"\x89PNG\r\n"
WEIGHTS = np.array([[0.7, 0.2, 0.1], [0.0, 0.1, 0.9]])
ALIGNMENT = ["Ein", "Hund", ""], ["dog", ""], WEIGHTS
LINES = {"without": {5: 25.0, 10: 9.0}, "with": {5: 30.0}}


@pytest.fixture
def panels(monkeypatch):
    """The panels that are drawn; nothing is stored."""
    drawn = []

    def keep(figure, path):
        drawn.extend(figure.axes)

    monkeypatch.setattr("rnnzoo.tasks.translation.pictures.save_figure", keep)
    return drawn


def texts(labels):
    return [label.get_text() for label in labels]


def test_pictures_are_stored_as_png(tmp_path):
    attention, by_length = tmp_path / "new" / "attention.png", tmp_path / "lines.png"
    draw_attention([ALIGNMENT, ALIGNMENT], attention, "Title")
    draw_by_length(LINES, by_length, "Title", "BLEU")
    for path in (attention, by_length):
        assert path.read_bytes().startswith(PNG)


def test_draw_attention_has_a_row_for_each_written_token(panels, tmp_path):
    draw_attention([ALIGNMENT], tmp_path / "attention.png", "Title")
    (panel,) = panels
    (image,) = panel.get_images()
    np.testing.assert_array_equal(image.get_array(), WEIGHTS)
    assert texts(panel.get_xticklabels()) == ["Ein", "Hund", "(end)"]
    assert texts(panel.get_yticklabels()) == ["dog", "(end)"]


def test_draw_by_length_has_a_line_for_each_model(panels, tmp_path):
    draw_by_length(LINES, tmp_path / "by_length.png", "Title", "BLEU")
    (panel,) = panels
    lines = {
        line.get_label(): list(zip(*line.get_data(), strict=True))
        for line in panel.get_lines()
        if line.get_label() in LINES
    }
    assert lines == {"without": [(5, 25), (10, 9)], "with": [(5, 30)]}
    assert panel.get_ylabel() == "BLEU"
    assert panel.get_ylim()[0] == 0
