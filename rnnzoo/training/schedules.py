"""Learning rate schedules."""

import math

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive_numbers


@keras.saving.register_keras_serializable("rnnzoo")
class CosineOverFit(keras.optimizers.schedules.LearningRateSchedule):
    """Learning rate that falls to zero along half a cosine over the steps of a `fit`.

        rate(t) = initial_learning_rate * (1 + cos(pi * t / steps)) / 2

    (Loshchilov & Hutter 2017, arXiv 1608.03983, equation 5, without restarts.) The
    number of steps is set by `start`; before that, and after `stop`, the rate is
    constant.

    Args:
        initial_learning_rate: Learning rate at the first step.

    Raises:
        ValueError: If the learning rate is not positive.

    >>> schedule = CosineOverFit(0.1)
    >>> schedule.start(first_step=0, steps=10)
    >>> round(float(schedule(5)), 3)
    0.05
    """

    def __init__(self, initial_learning_rate: float):
        check_positive_numbers(initial_learning_rate=initial_learning_rate)
        super().__init__()
        self.initial_learning_rate = initial_learning_rate
        # The first step and the number of steps. A variable, since the compiled
        # training step outlives a `fit`.
        self._span = tf.Variable([0.0, 0.0], trainable=False, name="span")

    def start(self, first_step: int, steps: int) -> None:
        """Starts the decay at `first_step`; the rate is 0 after `steps` steps."""
        self._span.assign([first_step, steps])

    def stop(self) -> None:
        """Sets the rate back to the initial one, for steps outside of a `fit`."""
        self._span.assign([0, 0])

    def __call__(self, step):
        first, steps = tf.unstack(tf.convert_to_tensor(self._span))
        done = (tf.cast(step, tf.float32) - first) / tf.maximum(steps, 1.0)
        done = tf.where(steps > 0, tf.clip_by_value(done, 0.0, 1.0), 0.0)
        return self.initial_learning_rate * (1 + tf.cos(math.pi * done)) / 2

    def get_config(self):
        return {"initial_learning_rate": self.initial_learning_rate}
