"""Truncation of texts to their end."""

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive


@keras.saving.register_keras_serializable("rnnzoo")
class LastTokens(keras.layers.Layer):
    """Keeps the last tokens of every text, where reviews tend to state their verdict.

    Args:
        length: Maximum number of tokens kept.
        **kwargs: `name`, `trainable` of `keras.layers.Layer`.

    Input: int tensor `(batch, time)` of ids, padded with 0 on the right. Output: the
    same of shape `(batch, min(time, length))`.

    >>> LastTokens(2)(tf.constant([[1, 2, 3], [4, 0, 0]])).numpy().tolist()
    [[2, 3], [4, 0]]
    """

    def __init__(self, length: int, **kwargs):
        check_positive(length=length)
        super().__init__(**kwargs)
        self.length = length

    def call(self, ids):
        kept = tf.minimum(self.length, tf.shape(ids)[1])
        lengths = tf.math.count_nonzero(ids, axis=1, dtype=tf.int32)
        starts = tf.maximum(lengths - kept, 0)
        return tf.gather(ids, starts[:, None] + tf.range(kept), batch_dims=1)

    def compute_output_spec(self, ids):
        return keras.KerasTensor((ids.shape[0], None), dtype=ids.dtype)

    def get_config(self):
        return {**super().get_config(), "length": self.length}
