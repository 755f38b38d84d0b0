"""Logistic regression on word counts: what a recurrent model has to beat."""

import keras
import tensorflow as tf

from rnnzoo.layers.embedding import gather_rows


@keras.saving.register_keras_serializable("rnnzoo")
class BagOfWords(keras.layers.Layer):
    """A linear function of the word counts of a text: no order, no recurrence.

    With n_w the number of times that word w stands in the text:

        y = s sum_w n_w K_w + b

    Args:
        vocabulary_size: number of ids; id 0 is padding and does not count.
        units: size of the output.
        scale: `s`. Counts are large beside what a network works with; scaled
            down, the layer learns at the pace of other layers.
        **kwargs: `name`, `dtype`, `trainable` of `keras.layers.Layer`.

    Input: int tensor `(batch, time)` of ids; output `(batch, units)`.

    >>> BagOfWords(5, 2)(tf.constant([[1, 4, 4, 0]])).shape
    TensorShape([1, 2])
    """

    def __init__(self, vocabulary_size: int, units: int, scale: float = 1.0, **kwargs):
        super().__init__(**kwargs)
        self.vocabulary_size = vocabulary_size
        self.units = units
        self.scale = scale

    def build(self, input_shape):
        self.kernel = self.add_weight(
            shape=(self.vocabulary_size, self.units), initializer="zeros", name="kernel"
        )
        self.bias = self.add_weight(
            shape=(self.units,), initializer="zeros", name="bias"
        )

    def call(self, ids, training=False):
        words = gather_rows(self.kernel, ids, bool(training))
        counted = tf.where(ids[..., None] > 0, words, 0)
        return self.scale * tf.reduce_sum(counted, axis=1) + self.bias

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units)

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "units": self.units,
            "scale": self.scale,
        }
