"""Data sets by name: the embedded ones, and those of tensorflow-datasets."""

from rnnzoo.datasets.column_files import read_columns
from rnnzoo.datasets.embedded_names import embedded_names
from rnnzoo.datasets.embedded_reviews import embedded_reviews
from rnnzoo.datasets.labelled_texts import LabelledTexts, load_labelled_texts
from rnnzoo.datasets.splits import Splits
from rnnzoo.datasets.tagged_texts import (
    TaggedTexts,
    load_tagged_files,
    load_tagged_texts,
)

__all__ = [
    "LabelledTexts",
    "Splits",
    "TaggedTexts",
    "embedded_names",
    "embedded_reviews",
    "load_labelled_texts",
    "load_tagged_files",
    "load_tagged_texts",
    "read_columns",
]
