"""Activations that run fast in a loop compiled by XLA.

In a loop XLA's CPU backend calls a library for every single `tanh` and `exp`. It
compiles a quotient of polynomials to vector instructions.
"""

from collections.abc import Callable

import keras
import tensorflow as tf

# tanh x = x p(x^2) / q(x^2) for |x| below the bound and +-1 above it, to 4e-7.
# The coefficients are those of the library Eigen (`ptanh_float`).
_BOUND = 7.90531110763549805
_P = (
    -2.76076847742355e-16,
    2.00018790482477e-13,
    -8.60467152213735e-11,
    5.12229709037114e-08,
    1.48572235717979e-05,
    6.37261928875436e-04,
    4.89352455891786e-03,
)
_Q = (
    1.19825839466702e-06,
    1.18534705686654e-04,
    2.26843463243900e-03,
    4.89352518554385e-03,
)


def tanh(x: tf.Tensor) -> tf.Tensor:
    """Returns the hyperbolic tangent by polynomials, to 4e-7; in float64 exactly.

    Args:
        x: Floating tensor of any shape.

    >>> tanh(tf.constant([0.0, 0.5, 20.0])).numpy().round(4)
    array([0.    , 0.4621, 1.    ], dtype=float32)
    """
    if x.dtype == tf.float64:
        return tf.tanh(x)
    return tf.cast(_tanh(tf.cast(x, tf.float32)), x.dtype)


def sigmoid(x: tf.Tensor) -> tf.Tensor:
    """Returns the logistic sigmoid, computed by `tanh`.

    >>> sigmoid(tf.constant([0.0, 0.5, 20.0])).numpy().round(4)
    array([0.5   , 0.6225, 1.    ], dtype=float32)
    """
    return 0.5 + 0.5 * tanh(0.5 * x)


_FOR_LOOPS = {keras.activations.tanh: tanh, keras.activations.sigmoid: sigmoid}


def for_loops(activation: Callable) -> Callable:
    """Returns the fast form of an activation, or the activation if it has none."""
    return _FOR_LOOPS.get(activation, activation)


@tf.custom_gradient
def _tanh(x):
    x = tf.clip_by_value(x, -_BOUND, _BOUND)
    y = x * _polynomial(_P, x * x) / _polynomial(_Q, x * x)
    return y, lambda dy: dy * (1 - y * y)


def _polynomial(coefficients, x):
    value = coefficients[0]
    for coefficient in coefficients[1:]:
        value = value * x + coefficient
    return value
