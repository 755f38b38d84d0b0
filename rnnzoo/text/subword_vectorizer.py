"""`SubwordVectorizer`: texts to ids of subwords and back, in the graph."""

from collections.abc import Sequence
from numbers import Integral

import keras
import tensorflow as tf

from rnnzoo.text.pieces import (
    BEGIN,
    PADDING,
    SPECIAL,
    PieceVectorizer,
    check_once,
    count_pieces,
    split_chunks,
)
from rnnzoo.text.subwords import BYTES, Pair, learn_merges, spell

_NONE = 2**31 - 1
_SHIFT = 2**32


@keras.saving.register_keras_serializable("rnnzoo")
class SubwordVectorizer(PieceVectorizer):
    """Turns texts into ids of subwords (byte pair encoding) and back.

    Ids 0, 1 and 2 are padding, begin and end of a text, 3 to 258 are the bytes, and 259
    is the symbol of the first merge. Every text of any script can be encoded. Decoding
    restores it except for U+001F, invalid UTF-8, and blanks at its ends.

    Args:
        merges: Merges as `learn_merges` returns them.
        **kwargs: `name`, `trainable` of `keras.layers.Layer`.

    Raises:
        ValueError: If a merge has unknown symbols or occurs twice.

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
        # Tables must not be empty. No pair has the key -1.
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
    def unwritten(self) -> list[int]:
        """Ids that no text contains."""
        return [PADDING, BEGIN]

    @staticmethod
    def learn(texts: tf.data.Dataset, size: int) -> list[Pair]:
        """Learns the merges of a data set of scalar strings.

        Args:
            texts: Data set of scalar strings.
            size: Largest number of ids, including special ones and bytes.

        Raises:
            ValueError: If the size is less than that, or there is no text.
        """
        minimum = SPECIAL + BYTES
        if size < minimum:
            raise ValueError(
                f"`vocabulary_size` must be at least {minimum}, for the bytes and the "
                f"special ids; got {size}."
            )
        counts = count_pieces(texts, split_chunks)
        # Sorted, so that ties among pairs do not depend on the order of the texts.
        return learn_merges(dict(sorted(counts.items())), size - minimum)

    def encode(self, texts: tf.Tensor) -> tf.RaggedTensor:
        """Returns int32 ids `(batch, None)` of strings, without begin and end."""
        chunks = split_chunks(texts)
        unique, indices = tf.unique(chunks.values)
        symbols = tf.gather(self._merge(unique), indices)
        return chunks.with_values(symbols).merge_dims(1, 2) + SPECIAL

    def decode(self, ids: tf.Tensor) -> tf.Tensor:
        """Returns strings `(batch,)` for int32 ids `(batch, time)`."""
        texts = tf.strings.reduce_join(self.pieces(ids), axis=-1)
        return tf.strings.strip(tf.strings.unicode_transcode(texts, "UTF-8", "UTF-8"))

    def _merge(self, words):
        """Returns the symbols of words, applying the earliest merges first."""
        length = tf.maximum(tf.reduce_max(tf.strings.length(words)), 1)
        values = tf.io.decode_raw(words, tf.uint8, fixed_length=length)
        columns = tf.range(length)
        is_byte = columns < tf.strings.length(words)[:, None]
        symbols = tf.where(is_byte, tf.cast(values, tf.int32), -1)

        def rank_pairs(symbols):
            following = tf.pad(symbols[:, 1:], [[0, 0], [0, 1]], constant_values=-1)
            keys = tf.cast(symbols, tf.int64) * _SHIFT + tf.cast(following, tf.int64)
            return following, self._ranks.lookup(keys)

        def merge_one(symbols, following, ranks):
            best = tf.argmin(ranks, axis=1, output_type=tf.int32)[:, None]
            rank = tf.reduce_min(ranks, axis=1, keepdims=True)
            merged = tf.where(columns < best, symbols, following)
            merged = tf.where(columns == best, BYTES + rank, merged)
            symbols = tf.where(rank < _NONE, merged, symbols)
            return symbols, *rank_pairs(symbols)

        symbols, _, _ = tf.while_loop(
            lambda symbols, following, ranks: tf.reduce_any(ranks < _NONE),
            merge_one,
            (symbols, *rank_pairs(symbols)),
        )
        return tf.RaggedTensor.from_tensor(symbols, padding=-1)

    def get_config(self):
        return {**super().get_config(), "merges": self.merges}


def _check_merges(merges):
    for number, pair in enumerate(merges):
        size = BYTES + number
        is_pair = isinstance(pair, (tuple, list)) and len(pair) == 2
        if not is_pair or not all(
            isinstance(symbol, Integral) and 0 <= symbol < size for symbol in pair
        ):
            raise ValueError(
                "`merges` must be pairs of bytes, 0 to 255, and symbols of earlier "
                f"merges, here up to {size - 1}; number {number} is {pair!r}."
            )
    check_once("merges", "pair", map(tuple, merges))
