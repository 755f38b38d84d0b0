"""What a run leaves behind: figures, pictures, and rows for `results/`."""

from rnnzoo.reports.figures import (
    check_plotting,
    confusion_matrix,
    draw_confusion_matrix,
    draw_learning_curves,
)
from rnnzoo.reports.results import add_row, environment
from rnnzoo.reports.tag_scores import (
    ALL,
    aligned,
    score_table,
    span_scores,
    tag_scores,
    token_accuracy,
)

__all__ = [
    "ALL",
    "add_row",
    "aligned",
    "check_plotting",
    "confusion_matrix",
    "draw_confusion_matrix",
    "draw_learning_curves",
    "environment",
    "score_table",
    "span_scores",
    "tag_scores",
    "token_accuracy",
]
