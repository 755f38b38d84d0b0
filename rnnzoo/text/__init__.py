"""From raw text to padded batches of ids."""

from rnnzoo.text.batches import (
    bucket_lengths,
    check_labels,
    padded_batches,
    text_examples,
)
from rnnzoo.text.last_tokens import LastTokens
from rnnzoo.text.vectorizer import TextVectorizer, standardize

__all__ = [
    "LastTokens",
    "TextVectorizer",
    "bucket_lengths",
    "check_labels",
    "padded_batches",
    "standardize",
    "text_examples",
]
