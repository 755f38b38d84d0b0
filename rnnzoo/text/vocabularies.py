"""Vocabularies by the name of what their entries are."""

from collections.abc import Sequence

import tensorflow as tf

from rnnzoo.text.subword_vectorizer import SubwordVectorizer
from rnnzoo.text.unit_vectorizer import UNITS, UnitVectorizer

VOCABULARIES = ("subword", *UNITS)


def learn_vocabulary(kind: str, texts: tf.data.Dataset, size: int) -> list:
    """Learns a vocabulary from a data set of scalar strings.

    Args:
        kind: one of `VOCABULARIES`.
        texts: the data set.
        size: how many ids there may be.

    Returns:
        What `make_vectorizer` takes, and JSON can hold.
    """
    if kind == "subword":
        return SubwordVectorizer.learn(texts, size)
    return UnitVectorizer.learn(texts, size, kind)


def make_vectorizer(
    kind: str, vocabulary: Sequence, name: str = "vocabulary"
) -> SubwordVectorizer | UnitVectorizer:
    """Texts to ids and back, by what `learn_vocabulary` learned.

    Args:
        kind: one of `VOCABULARIES`.
        vocabulary: what was learned.
        name: what the caller calls it.

    Raises:
        ValueError: if that is a vocabulary of another kind, or none.

    >>> make_vectorizer("character", ["a", "b"]).encode(tf.constant(["ba"])).to_list()
    [[3, 5, 4]]
    """
    try:
        if kind == "subword":
            return SubwordVectorizer(vocabulary)
        return UnitVectorizer(vocabulary, kind)
    except ValueError as error:
        raise ValueError(f"`{name}` is no {kind} vocabulary: {error}") from error
