"""What a run leaves behind: figures, pictures, and rows for `results/`."""

from rnnzoo.reports.by_length import (
    read_by_length,
    score_by_length,
    store_by_length,
)
from rnnzoo.reports.figures import (
    check_plotting,
    confusion_matrix,
    draw_attention,
    draw_by_length,
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
from rnnzoo.reports.translation_scores import (
    TextScore,
    bleu,
    chrf,
    exact_match,
    tokenized_bleu,
    translation_scores,
)

__all__ = [
    "ALL",
    "TextScore",
    "add_row",
    "aligned",
    "bleu",
    "check_plotting",
    "chrf",
    "confusion_matrix",
    "draw_attention",
    "draw_by_length",
    "draw_confusion_matrix",
    "draw_learning_curves",
    "environment",
    "exact_match",
    "read_by_length",
    "score_by_length",
    "score_table",
    "span_scores",
    "store_by_length",
    "tag_scores",
    "token_accuracy",
    "tokenized_bleu",
    "translation_scores",
]
