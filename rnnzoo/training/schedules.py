"""Learning rate schedules."""

import math

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive_numbers


@keras.saving.register_keras_serializable("rnnzoo")
class CosineOverFit(keras.optimizers.schedules.LearningRateSchedule):
    """Learning rate that falls along half a cosine over the epochs of a `fit`.

        rate(epoch) = initial_learning_rate * (1 + cos(pi * epoch / epochs)) / 2

    (Loshchilov & Hutter 2017, arXiv 1608.03983, equation 5, without restarts, one step
    per epoch.) `start` sets the span of the decay; before it and after `stop`, the rate
    is constant.

    Args:
        initial_learning_rate: Learning rate at the first step.

    Raises:
        ValueError: If the learning rate is not positive.

    >>> schedule = CosineOverFit(0.1)
    >>> schedule.start(first_step=0, steps_per_epoch=10, epochs=2)
    >>> [round(float(schedule(step)), 3) for step in (0, 9, 10, 20)]
    [0.1, 0.1, 0.05, 0.0]
    """

    def __init__(self, initial_learning_rate: float):
        check_positive_numbers(initial_learning_rate=initial_learning_rate)
        super().__init__()
        self.initial_learning_rate = initial_learning_rate
        # First step, steps per epoch, epochs. A variable, since the compiled training
        # step outlives a `fit`.
        self._span = tf.Variable([0.0, 0.0, 0.0], trainable=False, name="span")

    def start(self, first_step: int, steps_per_epoch: int, epochs: int) -> None:
        """Starts the decay at `first_step`; the rate is 0 after the last epoch."""
        self._span.assign([first_step, steps_per_epoch, epochs])

    def stop(self) -> None:
        """Sets the rate back to the initial one, for steps outside of a `fit`."""
        self._span.assign([0, 0, 0])

    def __call__(self, step):
        first, steps, epochs = tf.unstack(tf.convert_to_tensor(self._span))
        epoch = (tf.cast(step, tf.float32) - first) // tf.maximum(steps, 1.0)
        progress = tf.clip_by_value(epoch / tf.maximum(epochs, 1.0), 0.0, 1.0)
        progress = tf.where(steps > 0, progress, 0.0)
        return self.initial_learning_rate * (1 + tf.cos(math.pi * progress)) / 2

    def get_config(self):
        return {"initial_learning_rate": self.initial_learning_rate}
