"""Vectorizers: raw text to ids and back."""

from rnnzoo.text.pieces import BEGIN, END
from rnnzoo.text.subword_vectorizer import SubwordVectorizer
from rnnzoo.text.token_vectorizer import TokenVectorizer
from rnnzoo.text.tokens import as_utf8, lower, split_tokens
from rnnzoo.text.unit_vectorizer import UnitVectorizer
from rnnzoo.text.vectorizer import TextVectorizer, standardize
from rnnzoo.text.vocabularies import VOCABULARIES, learn_vocabulary, make_vectorizer
from rnnzoo.text.word_vectors import read_word_vectors, with_vectors

__all__ = [
    "BEGIN",
    "END",
    "VOCABULARIES",
    "SubwordVectorizer",
    "TextVectorizer",
    "TokenVectorizer",
    "UnitVectorizer",
    "as_utf8",
    "learn_vocabulary",
    "lower",
    "make_vectorizer",
    "read_word_vectors",
    "split_tokens",
    "standardize",
    "with_vectors",
]
