"""Dropout that is fast under XLA."""

import keras
import tensorflow as tf

from rnnzoo.checks import check_rates

# Keras lets TensorFlow choose the generator. XLA on a CPU then computes its key again
# for every number, which takes many times as long as the numbers do.
GENERATOR = "philox"


@keras.saving.register_keras_serializable("rnnzoo")
class Dropout(keras.layers.Dropout):
    """`keras.layers.Dropout`, faster in a step compiled by XLA.

    Args:
        rate: Fraction dropped in training, in [0, 1).
        **kwargs: Those of `keras.layers.Dropout`.

    Input and output: tensor of any shape.

    Raises:
        ValueError: If the rate is not in [0, 1).

    >>> Dropout(0.5)(tf.ones((2, 3))).numpy().tolist()
    [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]
    """

    def __init__(self, rate: float, **kwargs):
        check_rates(rate=rate)
        super().__init__(rate, **kwargs)

    def call(self, inputs, training=False):
        if not training or not self.rate:
            return inputs
        return tf.nn.experimental.stateless_dropout(
            inputs,
            self.rate,
            self.seed_generator.next(),
            rng_alg=GENERATOR,
            noise_shape=self.noise_shape,
        )
