"""One Keras model for each shape of problem."""

from rnnzoo.models.tagger import Tagger
from rnnzoo.models.text_classifier import TextClassifier

__all__ = ["Tagger", "TextClassifier"]
