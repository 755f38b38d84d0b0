"""Vocabularies by the kind of their entries: subwords, words or characters."""

from collections.abc import Sequence

import tensorflow as tf

from rnnzoo.text.subword_vectorizer import SubwordVectorizer
from rnnzoo.text.unit_vectorizer import UNITS, UnitVectorizer

VOCABULARIES = ("subword", *UNITS)


def learn_vocabulary(kind: str, texts: tf.data.Dataset, size: int) -> list:
    """Learns a vocabulary from a data set of scalar strings.

    Args:
        kind: One of `VOCABULARIES`.
        texts: Data set of scalar strings.
        size: Largest number of ids.

    Returns:
        Vocabulary for `make_vectorizer`, as values that JSON can hold.
    """
    if kind == "subword":
        return SubwordVectorizer.learn(texts, size)
    return UnitVectorizer.learn(texts, size, kind)


def make_vectorizer(
    kind: str, vocabulary: Sequence, name: str = "vocabulary"
) -> SubwordVectorizer | UnitVectorizer:
    """Returns the vectorizer of a vocabulary.

    Args:
        kind: One of `VOCABULARIES`.
        vocabulary: Vocabulary as `learn_vocabulary` returns it.
        name: Name of the argument, for the error.

    Raises:
        ValueError: If it is no vocabulary of this kind.

    >>> make_vectorizer("character", ["a", "b"]).encode(tf.constant(["ba"])).to_list()
    [[3, 5, 4]]
    """
    try:
        if kind == "subword":
            return SubwordVectorizer(vocabulary)
        return UnitVectorizer(vocabulary, kind)
    except ValueError as error:
        raise ValueError(f"`{name}` is no {kind} vocabulary: {error}") from error
