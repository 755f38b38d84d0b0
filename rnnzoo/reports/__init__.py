"""What a run leaves behind: figures, pictures, and rows for `results/`."""

from rnnzoo.reports.figures import (
    check_plotting,
    confusion_matrix,
    draw_confusion_matrix,
    draw_learning_curves,
)
from rnnzoo.reports.results import add_row, environment

__all__ = [
    "add_row",
    "check_plotting",
    "confusion_matrix",
    "draw_confusion_matrix",
    "draw_learning_curves",
    "environment",
]
