"""Dropout whose random numbers XLA makes quickly."""

import keras
import tensorflow as tf

from rnnzoo.checks import check_rates

# Keras leaves the choice of the generator to TensorFlow. XLA on a CPU then works its
# key out anew for every number, which takes many times as long as the numbers do.
GENERATOR = "philox"


@keras.saving.register_keras_serializable("rnnzoo")
class Dropout(keras.layers.Dropout):
    """`keras.layers.Dropout`, faster in a step that XLA compiles.

    Args:
        rate: fraction that is dropped in training, in [0, 1).
        **kwargs: those of `keras.layers.Dropout`.

    Input and output: tensor of any shape.

    Raises:
        ValueError: if the rate is not in [0, 1).

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
