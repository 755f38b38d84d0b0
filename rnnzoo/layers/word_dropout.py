"""Dropout of whole words."""

import keras
import tensorflow as tf

from rnnzoo.checks import check_rates
from rnnzoo.layers.dropout import GENERATOR


@keras.saving.register_keras_serializable("rnnzoo")
class WordDropout(keras.layers.Layer):
    """Replaces words by the unknown word in training.

    Otherwise the vector of the unknown word is not trained if the vocabulary holds all
    training words (Iyyer et al. 2015, "Deep unordered composition rivals syntactic
    methods for text classification", section 3.2; as here in Kiperwasser & Goldberg
    2016, arXiv 1603.04351, section 4).

    Args:
        rate: Fraction of the words that are replaced, in [0, 1).
        unknown: Id of the unknown word.
        seed: Integer seed, or `None`.
        **kwargs: `name`, `trainable` of `keras.layers.Layer`.

    Input and output: int tensor of ids, of any shape; 0, the padding, stays.

    Raises:
        ValueError: If the rate is not in [0, 1).

    >>> WordDropout(0.5)(tf.constant([[5, 6, 0]])).numpy().tolist()
    [[5, 6, 0]]
    """

    def __init__(
        self, rate: float, unknown: int = 1, seed: int | None = None, **kwargs
    ):
        check_rates(rate=rate)
        super().__init__(**kwargs)
        self.rate = rate
        self.unknown = unknown
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, ids, training=False):
        if not training or not self.rate:
            return ids
        seed = self.seed_generator.next()
        uniform = tf.random.stateless_uniform(tf.shape(ids), seed, alg=GENERATOR)
        unknown = tf.constant(self.unknown, ids.dtype)
        return tf.where((uniform < self.rate) & (ids != 0), unknown, ids)

    def compute_output_shape(self, ids_shape):
        return ids_shape

    def get_config(self):
        config = {"rate": self.rate, "unknown": self.unknown, "seed": self.seed}
        return {**super().get_config(), **config}
