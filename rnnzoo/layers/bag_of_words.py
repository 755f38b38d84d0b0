"""Logistic regression on word counts, the baseline of the recurrent models."""

import keras
import tensorflow as tf

from rnnzoo.layers.embedding import gather_rows


@keras.saving.register_keras_serializable("rnnzoo")
class BagOfWords(keras.layers.Layer):
    """Linear function of the word counts of a text.

    With n_w the number of occurrences of word w:

        y = s sum_w n_w K_w + b

    Args:
        vocabulary_size: Number of ids; id 0 is padding and is not counted.
        units: Size of the output.
        scale: `s`. Scales the counts down to the size of other layers' inputs, so that
            the layer learns at their pace.
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
        shape = (self.vocabulary_size, self.units)
        self.kernel = self.add_weight(shape, "zeros", name="kernel")
        self.bias = self.add_weight((self.units,), "zeros", name="bias")

    def call(self, ids, training=False):
        rows = gather_rows(self.kernel, ids, bool(training))
        rows = tf.where(ids[..., None] > 0, rows, 0)
        return self.scale * tf.reduce_sum(rows, axis=1) + self.bias

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units)

    def get_config(self):
        sizes = {"vocabulary_size": self.vocabulary_size, "units": self.units}
        return {**super().get_config(), **sizes, "scale": self.scale}
