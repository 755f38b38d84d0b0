"""One Keras model for each shape of problem."""

from rnnzoo.models.alignments import Alignment
from rnnzoo.models.tagger import Tagger
from rnnzoo.models.text_classifier import TextClassifier
from rnnzoo.models.translator import Translator

__all__ = ["Alignment", "Tagger", "TextClassifier", "Translator"]
