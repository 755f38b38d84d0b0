"""Shared parts of the vocabularies of whole texts: special ids, splitting, decoding."""

from collections import Counter
from collections.abc import Callable, Iterable

import keras
import tensorflow as tf

PADDING, BEGIN, END = range(3)
SPECIAL = 3  # Number of special ids.

# Words, single digits or marks, each with the blank before it. Merges stay within one,
# and within 32 characters, which bounds their run time.
_CHUNK = r"( ?[\pL\pM]+| ?[^\pL\pM\s]|\s)"
_LONG = "([^\x1f]{32})"
_SEPARATOR = "\x1f"
# Blanks of any script, control characters, and characters without width.
_BLANK = r"[\s\pZ\p{Cc}\p{Cf}]*"


class PieceVectorizer(keras.layers.Layer):
    """Base class of layers that turn texts into ids and back.

    Subclasses set `_pieces`, the text of each id, and define `encode`.
    """

    @property
    def vocabulary_size(self) -> int:
        """Number of ids."""
        return self._pieces.shape[0]

    def call(self, texts):
        return self.encode(texts).to_tensor()

    def pieces(self, ids: tf.Tensor) -> tf.Tensor:
        """Returns the text of each id, possibly invalid UTF-8; "" for special ids."""
        return tf.gather(self._pieces, ids)

    def decode(self, ids: tf.Tensor) -> tf.Tensor:
        """Returns strings `(batch,)` for int32 ids `(batch, time)`."""
        return tf.strings.strip(tf.strings.reduce_join(self.pieces(ids), axis=-1))


def clean(texts: tf.Tensor) -> tf.Tensor:
    """Returns texts as valid UTF-8 with one blank at the start and none at the end.

    The blank makes the first word the same as in the middle of a text.
    """
    texts = tf.strings.regex_replace(texts, _SEPARATOR, " ")
    texts = tf.strings.unicode_transcode(texts, "UTF-8", "UTF-8")
    return tf.strings.join([" ", tf.strings.strip(texts)])


def is_blank(texts: tf.Tensor) -> tf.Tensor:
    """Returns whether strings have no visible character: bool of their shape.

    >>> is_blank(tf.constant(["", " \\n", "a"])).numpy().tolist()
    [True, True, False]
    """
    return tf.strings.regex_full_match(texts, _BLANK)


def split_chunks(texts: tf.Tensor) -> tf.RaggedTensor:
    """Returns the words and marks of texts, each with the blank before it.

    >>> split_chunks(tf.constant(["Go, now!"])).to_list()
    [[b' Go', b',', b' now', b'!']]
    """
    texts = clean(texts)
    for pattern in (_CHUNK, _LONG):
        texts = tf.strings.regex_replace(texts, pattern, rf"\1{_SEPARATOR}")
    # Words of 32 characters have two separators behind them.
    texts = tf.strings.regex_replace(texts, f"{_SEPARATOR}+", _SEPARATOR)
    return tf.strings.split(texts, sep=_SEPARATOR)[:, :-1]


def check_once(name: str, kind: str, entries: Iterable) -> None:
    """Raises a ValueError if an entry occurs twice.

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
    """Returns the number of occurrences of each piece in a data set of scalar strings.

    Args:
        texts: Data set of scalar strings.
        split: Function from strings `(batch,)` to ragged pieces `(batch, None)`.

    Raises:
        ValueError: If all texts are blank.
    """
    counts = Counter()
    for pieces in texts.batch(1024).map(lambda batch: split(batch).values):
        counts.update(pieces.numpy().tolist())
    if not any(piece.strip() for piece in counts):
        raise ValueError("There is no text in the data set to learn a vocabulary of.")
    return counts
