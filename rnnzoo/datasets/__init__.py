"""Data sets by name: the embedded ones, and those of tensorflow-datasets."""

from rnnzoo.datasets.embedded_reviews import embedded_reviews
from rnnzoo.datasets.labelled_texts import LabelledTexts, load_labelled_texts

__all__ = ["LabelledTexts", "embedded_reviews", "load_labelled_texts"]
