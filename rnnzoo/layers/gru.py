"""Gated recurrent unit."""

import keras
import tensorflow as tf

from rnnzoo.layers.cell import GatedCell
from rnnzoo.layers.recurrent import Recurrent


@keras.saving.register_keras_serializable("rnnzoo")
class GRUCell(GatedCell):
    """One step of a gated recurrent unit (Cho et al. 2014).

    With a = x_t W + b cut into three blocks in the order z, r, h:

        z = sigmoid(a_z + h_{t-1} U_z)
        r = sigmoid(a_r + h_{t-1} U_r)
        h~ = tanh(a_h + r * (h_{t-1} U_h + b_h))     with `reset_after`
        h~ = tanh(a_h + (r * h_{t-1}) U_h)           without
        h_t = z * h_{t-1} + (1 - z) * h~

    Args:
        units: positive integer, the size of `h`.
        activation: activation of the candidate `h~`.
        recurrent_activation: activation of the gates.
        use_bias: whether there is a bias: `(2, 3 * units)` with `reset_after`
            (input, recurrent), `(3 * units,)` without.
        reset_after: whether the reset gate is applied after the recurrent
            product (as in cuDNN) or before (as in the paper).
        **kwargs: see `GatedCell`; names and defaults are those of
            `keras.layers.GRUCell`.

    >>> cell = GRUCell(4)
    >>> h, states = cell(keras.ops.ones((2, 3)), cell.get_initial_state(2))
    >>> h.shape
    TensorShape([2, 4])
    """

    gates = 3

    def __init__(self, units: int, *args, reset_after: bool = True, **kwargs):
        super().__init__(units, *args, **kwargs)
        self.reset_after = reset_after

    @property
    def bias_shape(self):
        columns = self.gates * self.units
        return (2, columns) if self.reset_after else (columns,)

    def input_bias(self):
        return self.bias[0] if self.use_bias and self.reset_after else self.bias

    def recurrent_weights(self):
        kernel = tf.convert_to_tensor(self.recurrent_kernel)
        if self.reset_after:
            return kernel, tf.convert_to_tensor(self.bias)[1] if self.use_bias else None
        return kernel[:, : 2 * self.units], None

    def update_weights(self):
        if self.reset_after:
            return []
        return [tf.convert_to_tensor(self.recurrent_kernel)[:, 2 * self.units :]]

    def update(self, a, r, states, *weights):
        h = states[0]
        a_z, a_r, a_h = tf.split(a, 3, axis=-1)
        r_z, r_r, *r_h = tf.split(r, 3 if self.reset_after else 2, axis=-1)
        z = self.recurrent_activation(a_z + r_z)
        reset = self.recurrent_activation(a_r + r_r)
        past = reset * r_h[0] if self.reset_after else tf.matmul(reset * h, weights[0])
        return (z * h + (1 - z) * self.activation(a_h + past),)

    def get_config(self):
        return {**super().get_config(), "reset_after": self.reset_after}


@keras.saving.register_keras_serializable("rnnzoo")
class GRU(Recurrent):
    """GRU layer over `GRUCell`; see there and `Recurrent` for the arguments.

    Input `(batch, time, features)`, output `(batch, units)`, or
    `(batch, time, units)` with `return_sequences`; one state `h`.

    >>> GRU(4, return_sequences=True)(keras.ops.ones((2, 5, 3))).shape
    TensorShape([2, 5, 4])
    """

    cell_class = GRUCell
