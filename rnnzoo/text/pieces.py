"""What all vocabularies of whole texts share: special ids, and how a text is parted."""

from collections import Counter
from collections.abc import Callable, Iterable

import tensorflow as tf

PADDING, BEGIN, END = range(3)
SPECIAL = 3

# Parts words, digits and marks, each with the blank before it; no merge goes beyond,
# nor beyond 32 letters, so that the time it takes is bounded.
_CHUNK = r"( ?[\pL\pM]+| ?[^\pL\pM\s]|\s)"
_LONG = "([^\x1f]{32})"
_SEPARATOR = "\x1f"
# Blanks of any script, control characters, and what has no width.
_BLANK = r"[\s\pZ\p{Cc}\p{Cf}]*"


def clean(texts: tf.Tensor) -> tf.Tensor:
    """Valid UTF-8, no blanks at the ends but one before the first word.

    A word then is the same wherever it stands.
    """
    texts = tf.strings.regex_replace(texts, _SEPARATOR, " ")
    texts = tf.strings.unicode_transcode(texts, "UTF-8", "UTF-8")
    return tf.strings.join([" ", tf.strings.strip(texts)])


def is_blank(texts: tf.Tensor) -> tf.Tensor:
    """Which strings have nothing to translate: bool of their shape.

    >>> is_blank(tf.constant(["", " \\n", "a"])).numpy().tolist()
    [True, True, False]
    """
    return tf.strings.regex_full_match(texts, _BLANK)


def split_chunks(texts: tf.Tensor) -> tf.RaggedTensor:
    """Words and marks of cleaned texts, each with the blank before it.

    >>> split_chunks(tf.constant(["Go, now!"])).to_list()
    [[b' Go', b',', b' now', b'!']]
    """
    texts = clean(texts)
    for pattern in (_CHUNK, _LONG):
        texts = tf.strings.regex_replace(texts, pattern, rf"\1{_SEPARATOR}")
    # A word that ends with its 32nd letter has two behind it.
    texts = tf.strings.regex_replace(texts, f"{_SEPARATOR}+", _SEPARATOR)
    return tf.strings.split(texts, sep=_SEPARATOR)[:, :-1]


def check_once(name: str, kind: str, entries: Iterable) -> None:
    """Raises a ValueError for what comes twice.

    >>> check_once("known", "word", ["a", "b", "a"])
    Traceback (most recent call last):
    ValueError: `known` must have each word once; 'a' comes 2 times.
    """
    for entry, count in Counter(entries).items():
        if count > 1:
            raise ValueError(
                f"`{name}` must have each {kind} once; {entry!r} comes {count} times."
            )


def count_pieces(texts: tf.data.Dataset, split: Callable) -> Counter:
    """How often each piece occurs in a data set of scalar strings.

    Args:
        texts: the data set.
        split: strings `(batch,)` to ragged pieces `(batch, None)`.

    Raises:
        ValueError: if there is nothing but blanks.
    """
    counts = Counter()
    for pieces in texts.batch(1024).map(lambda batch: split(batch).values):
        counts.update(pieces.numpy().tolist())
    if not any(piece.strip() for piece in counts):
        raise ValueError("There is no text in the data set to learn a vocabulary of.")
    return counts
