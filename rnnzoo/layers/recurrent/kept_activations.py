"""Activations whose outputs are kept for the backward pass.

The derivative of the usual activations follows from their output: that of
`y = tanh(x)` is `1 - y^2`. Any other activation is computed again.
"""

from collections.abc import Callable

import keras
import tensorflow as tf

from rnnzoo.layers.recurrent.activations import sigmoid, tanh

Activations = dict[str, Callable]
# The derivative of an activation as a function of its output.
_SLOPES = {
    keras.activations.linear: tf.ones_like,
    keras.activations.relu: lambda y: tf.cast(y > 0, y.dtype),
    **dict.fromkeys((keras.activations.tanh, tanh), lambda y: 1 - y * y),
    **dict.fromkeys((keras.activations.sigmoid, sigmoid), lambda y: y * (1 - y)),
}


def recording(activations: Activations, outputs: list[tf.Tensor]) -> Activations:
    """Returns the activations, which append their results to `outputs`.

    >>> import keras
    >>> outputs = []
    >>> activation = recording({"f": keras.activations.relu}, outputs)["f"]
    >>> activation(tf.constant([-1.0, 2.0])) is outputs[0]
    True
    """

    def record(activation):
        def recorded(x):
            outputs.append(activation(x))
            return outputs[-1]

        return recorded if activation in _SLOPES else activation

    return {name: record(activation) for name, activation in activations.items()}


def replaying(activations: Activations, outputs: list[tf.Tensor]) -> Activations:
    """Returns activations that return the recorded outputs, call by call.

    >>> import keras
    >>> activation = replaying({"f": keras.activations.relu}, [tf.constant([0.0, 2.0])])
    >>> activation["f"](tf.constant([-1.0, 2.0])).numpy()
    array([0., 2.], dtype=float32)
    """
    outputs = iter(outputs)

    def replay(activation):
        def replayed(x):
            y = next(outputs)
            kept = tf.custom_gradient(
                lambda x: (tf.identity(y), lambda dy: dy * _SLOPES[activation](y))
            )
            return kept(x)

        return replayed if activation in _SLOPES else activation

    return {name: replay(activation) for name, activation in activations.items()}
