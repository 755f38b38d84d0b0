"""Texts to the ids of subwords and back, in the graph."""

from collections.abc import Sequence
from numbers import Integral

import keras
import tensorflow as tf

from rnnzoo.text.pieces import (
    BEGIN,
    PADDING,
    SPECIAL,
    check_once,
    count_pieces,
    split_chunks,
)
from rnnzoo.text.subwords import BYTES, Pair, learn_merges, spell

_NONE = 2**31 - 1
_SHIFT = 2**32


@keras.saving.register_keras_serializable("rnnzoo")
class SubwordVectorizer(keras.layers.Layer):
    """Turns texts into ids of subwords (byte pair encoding), and these into texts.

    Ids 0, 1 and 2 are padding, begin and end of a text, 3 to 258 the bytes, and the
    symbol of the first merge has id 259. Every text has an encoding, whatever its
    script, and decoding gives it back, but for the control character U+001F, bytes
    that are no UTF-8, and blanks at its ends.

    Args:
        merges: what `learn_merges` gives.
        **kwargs: `name`, `trainable` of `keras.layers.Layer`.

    Raises:
        ValueError: if a merge is of symbols that there are not, or comes twice.

    >>> vectorizer = SubwordVectorizer([(32, 97), (256, 98)])
    >>> vectorizer.encode(tf.constant(["ab c"])).to_list()
    [[260, 35, 102]]
    >>> vectorizer.decode(tf.constant([[260, 35, 102, 2, 0]])).numpy().tolist()
    [b'ab c']
    """

    def __init__(self, merges: Sequence[Pair], **kwargs):
        super().__init__(**kwargs)
        _check_merges(merges)
        self.merges = [tuple(pair) for pair in merges]
        # A table must not be empty: no pair has the key -1.
        keys = [-1, *(left * _SHIFT + right for left, right in self.merges)]
        ranks = [_NONE, *range(len(self.merges))]
        self._ranks = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(
                tf.constant(keys, tf.int64), tf.constant(ranks, tf.int32)
            ),
            default_value=_NONE,
        )
        self._pieces = tf.constant([b""] * SPECIAL + spell(self.merges))

    @property
    def vocabulary_size(self) -> int:
        """Number of ids."""
        return SPECIAL + BYTES + len(self.merges)

    @property
    def unwritten(self) -> list[int]:
        """The ids that stand in no text."""
        return [PADDING, BEGIN]

    @staticmethod
    def learn(texts: tf.data.Dataset, size: int) -> list[Pair]:
        """Learns the merges of a data set of scalar strings.

        Args:
            texts: the data set.
            size: how many ids there may be, special ones and bytes included.

        Raises:
            ValueError: if that leaves no room for the bytes, or there is no text.
        """
        least = SPECIAL + BYTES
        if size < least:
            raise ValueError(
                f"`vocabulary_size` must be at least {least}, for the bytes and the "
                f"special ids; got {size}."
            )
        counts = count_pieces(texts, split_chunks)
        # In order: ties among pairs then do not depend on the order of texts.
        return learn_merges(dict(sorted(counts.items())), size - least)

    def encode(self, texts: tf.Tensor) -> tf.RaggedTensor:
        """Strings `(batch,)` to int32 ids `(batch, None)`, neither begun nor ended."""
        chunks = split_chunks(texts)
        different, places = tf.unique(chunks.values)
        symbols = tf.gather(self._merged(different), places)
        return chunks.with_values(symbols).merge_dims(1, 2) + SPECIAL

    def decode(self, ids: tf.Tensor) -> tf.Tensor:
        """Int32 ids `(batch, time)` to strings `(batch,)`; special ids say nothing."""
        texts = tf.strings.reduce_join(self.pieces(ids), axis=-1)
        return tf.strings.strip(tf.strings.unicode_transcode(texts, "UTF-8", "UTF-8"))

    def pieces(self, ids: tf.Tensor) -> tf.Tensor:
        """What each id stands for, bytes that need not be UTF-8; "" for special ids."""
        return tf.gather(self._pieces, ids)

    def call(self, texts):
        return self.encode(texts).to_tensor()

    def _merged(self, words):
        """Bytes to symbols, by the earliest merge that each word has room for."""
        length = tf.maximum(tf.reduce_max(tf.strings.length(words)), 1)
        symbols = tf.cast(
            tf.io.decode_raw(words, tf.uint8, fixed_length=length), tf.int32
        )
        columns = tf.range(length)
        symbols = tf.where(columns < tf.strings.length(words)[:, None], symbols, -1)

        def ranked(symbols):
            following = tf.pad(symbols[:, 1:], [[0, 0], [0, 1]], constant_values=-1)
            keys = tf.cast(symbols, tf.int64) * _SHIFT + tf.cast(following, tf.int64)
            return following, self._ranks.lookup(keys)

        def merge_one(symbols, following, ranks):
            best = tf.argmin(ranks, axis=1, output_type=tf.int32)[:, None]
            rank = tf.reduce_min(ranks, axis=1, keepdims=True)
            merged = tf.where(columns < best, symbols, following)
            merged = tf.where(columns == best, BYTES + rank, merged)
            symbols = tf.where(rank < _NONE, merged, symbols)
            return symbols, *ranked(symbols)

        symbols, _, _ = tf.while_loop(
            lambda symbols, following, ranks: tf.reduce_any(ranks < _NONE),
            merge_one,
            (symbols, *ranked(symbols)),
        )
        return tf.RaggedTensor.from_tensor(symbols, padding=-1)

    def get_config(self):
        return {**super().get_config(), "merges": self.merges}


def _check_merges(merges):
    for number, pair in enumerate(merges):
        known = BYTES + number
        is_pair = isinstance(pair, (tuple, list)) and len(pair) == 2
        if not is_pair or not all(
            isinstance(symbol, Integral) and 0 <= symbol < known for symbol in pair
        ):
            raise ValueError(
                "`merges` must be pairs of bytes, 0 to 255, and of symbols that were "
                f"merged before, here up to {known - 1}; number {number} is {pair!r}."
            )
    check_once("merges", "pair", map(tuple, merges))
