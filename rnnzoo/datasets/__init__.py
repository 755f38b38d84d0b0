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
from rnnzoo.datasets.translations import (
    Translations,
    load_translation_files,
    load_translations,
)

__all__ = [
    "LabelledTexts",
    "Splits",
    "TaggedTexts",
    "Translations",
    "embedded_names",
    "embedded_reviews",
    "load_labelled_texts",
    "load_tagged_files",
    "load_tagged_texts",
    "load_translation_files",
    "load_translations",
    "read_columns",
]
