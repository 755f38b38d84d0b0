"""`UnitVectorizer`: texts to ids of words or characters and back, in the graph."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from rnnzoo.text.pieces import (
    BEGIN,
    PADDING,
    SPECIAL,
    PieceVectorizer,
    check_once,
    clean,
    count_pieces,
    split_chunks,
)
from rnnzoo.text.tokens import id_table

UNITS = ("word", "character")
_UNKNOWN = SPECIAL


@keras.saving.register_keras_serializable("rnnzoo")
class UnitVectorizer(PieceVectorizer):
    """Turns texts into ids of words or characters and back.

    Ids 0, 1 and 2 are padding, begin and end of a text, 3 is the unknown unit, and 4 is
    the first known one. A word includes the blank before it, and a mark is a word.
    Decoding restores a text except for unknown units, which become U+FFFD.

    Args:
        known: Words or characters, most frequent first.
        unit: "word" or "character".
        **kwargs: `name`, `trainable` of `keras.layers.Layer`.

    Raises:
        ValueError: If the unit is another one, or an entry occurs twice.

    >>> vectorizer = UnitVectorizer([" good", " film", "."], unit="word")
    >>> vectorizer.encode(tf.constant(["good old film."])).to_list()
    [[4, 3, 5, 6]]
    >>> vectorizer.decode(tf.constant([[4, 5, 6, 2, 0]])).numpy().tolist()
    [b'good film.']
    """

    def __init__(self, known: Sequence[str], unit: str, **kwargs):
        if unit not in UNITS:
            raise ValueError(f"`unit` must be one of {UNITS}, got {unit!r}.")
        _check_known(known, unit)
        super().__init__(**kwargs)
        self.known = list(known)
        self.unit = unit
        self._pieces = tf.constant([""] * SPECIAL + ["\ufffd", *self.known])
        self._ids = id_table(self.known, _UNKNOWN)

    @property
    def unwritten(self) -> list[int]:
        """Ids that no translation contains, including the unknown unit."""
        return [PADDING, BEGIN, _UNKNOWN]

    @staticmethod
    def learn(texts: tf.data.Dataset, size: int, unit: str) -> list[str]:
        """Returns the most frequent words or characters of a data set.

        Args:
            texts: Data set of scalar strings.
            size: Largest number of ids, including special ones and the unknown unit.
            unit: "word" or "character".

        Raises:
            ValueError: If there is no text, or the size has no room for a known unit.
        """
        if size < SPECIAL + 2:
            raise ValueError(
                f"`vocabulary_size` must be at least {SPECIAL + 2}, for the special "
                f"ids, the unknown {unit} and a known one; got {size}."
            )
        counts = count_pieces(texts, lambda batch: _split(batch, unit))
        ranked = sorted(counts, key=lambda piece: (-counts[piece], piece))
        return [piece.decode() for piece in ranked[: size - SPECIAL - 1]]

    def encode(self, texts: tf.Tensor) -> tf.RaggedTensor:
        """Returns int32 ids `(batch, None)` of strings, without begin and end."""
        pieces = _split(texts, self.unit)
        return pieces.with_values(self._ids.lookup(pieces.values))

    def get_config(self):
        return {**super().get_config(), "known": self.known, "unit": self.unit}


def _check_known(known, unit):
    invalid = [piece for piece in known if not (isinstance(piece, str) and piece)]
    if isinstance(known, str):
        invalid = [known]
    if invalid:
        raise ValueError(
            f"`known` must be a list of {unit}s, strings that are not empty; got "
            f"{invalid[0]!r}."
        )
    check_once("known", unit, known)


def _split(texts, unit):
    if unit == "word":
        return split_chunks(texts)
    return tf.strings.unicode_split(clean(texts), "UTF-8")
