"""Texts to the ids of whole words or of characters and back, in the graph."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from rnnzoo.text.pieces import (
    BEGIN,
    PADDING,
    SPECIAL,
    check_once,
    clean,
    count_pieces,
    split_chunks,
)

UNITS = ("word", "character")


@keras.saving.register_keras_serializable("rnnzoo")
class UnitVectorizer(keras.layers.Layer):
    """Turns texts into ids of words or of characters, and these into texts.

    Ids 0, 1 and 2 are padding, begin and end of a text, 3 what is not known, and the
    first known one has id 4. A word goes with the blank before it, a mark is a word;
    so decoding gives a text back, but for what is not known: that becomes U+FFFD.

    Args:
        known: the words or characters, most frequent first.
        unit: "word" or "character".
        **kwargs: `name`, `trainable` of `keras.layers.Layer`.

    Raises:
        ValueError: if the unit is another, or something is known twice.

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
        pieces = [""] * SPECIAL + ["\ufffd", *self.known]
        self._pieces = tf.constant(pieces)
        # A table must not be empty, and no piece of a text is.
        self._ids = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(
                tf.constant(["", *self.known]),
                tf.constant([0, *range(SPECIAL + 1, len(pieces))], tf.int32),
            ),
            default_value=SPECIAL,
        )

    @property
    def vocabulary_size(self) -> int:
        """Number of ids."""
        return SPECIAL + 1 + len(self.known)

    @property
    def unwritten(self) -> list[int]:
        """The ids that stand in no translation, the unknown among them."""
        return [PADDING, BEGIN, SPECIAL]

    @staticmethod
    def learn(texts: tf.data.Dataset, size: int, unit: str) -> list[str]:
        """The most frequent words or characters of a data set of scalar strings.

        Args:
            texts: the data set.
            size: how many ids there may be, special ones and the unknown included.
            unit: "word" or "character".

        Raises:
            ValueError: if there is no text, or no room for one that is known.
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
        """Strings `(batch,)` to int32 ids `(batch, None)`, neither begun nor ended."""
        pieces = _split(texts, self.unit)
        return pieces.with_values(self._ids.lookup(pieces.values))

    def decode(self, ids: tf.Tensor) -> tf.Tensor:
        """Int32 ids `(batch, time)` to strings `(batch,)`; special ids say nothing."""
        return tf.strings.strip(tf.strings.reduce_join(self.pieces(ids), axis=-1))

    def pieces(self, ids: tf.Tensor) -> tf.Tensor:
        """What each id stands for; "" for special ids."""
        return tf.gather(self._pieces, ids)

    def call(self, texts):
        return self.encode(texts).to_tensor()

    def get_config(self):
        return {**super().get_config(), "known": self.known, "unit": self.unit}


def _check_known(known, unit):
    pieces = [piece for piece in known if not (isinstance(piece, str) and piece)]
    if wrong := [known] if isinstance(known, str) else pieces:
        raise ValueError(
            f"`known` must be a list of {unit}s, strings that are not empty; got "
            f"{wrong[0]!r}."
        )
    check_once("known", unit, known)


def _split(texts, unit):
    if unit == "word":
        return split_chunks(texts)
    return tf.strings.unicode_split(clean(texts), "UTF-8")
