"""Gated recurrent unit."""

import keras
import tensorflow as tf

from rnnzoo.layers.recurrent.cell import RecurrentCell
from rnnzoo.layers.recurrent.layer import Recurrent
from rnnzoo.layers.recurrent.masked_product import masked_product


@keras.saving.register_keras_serializable("rnnzoo")
class GRUCell(RecurrentCell, keras.layers.GRUCell):
    """One step of a gated recurrent unit (Cho et al. 2014).

    With a = x_t W + b split into three blocks in the order z, r, h:

        z = sigmoid(a_z + h_{t-1} U_z)
        r = sigmoid(a_r + h_{t-1} U_r)
        h~ = tanh(a_h + r * (h_{t-1} U_h + b_h))     with `reset_after`
        h~ = tanh(a_h + (r * h_{t-1}) U_h)           without it
        h_t = z * h_{t-1} + (1 - z) * h~ = h~ + z * (h_{t-1} - h~)

    The bias is `(2, 3 * units)` with `reset_after` (as in cuDNN: input, recurrent),
    `(3 * units,)` without it (as in the paper).

    Args:
        *args, **kwargs: Those of `keras.layers.GRUCell`, `units` first.

    >>> cell = GRUCell(4)
    >>> h, states = cell(keras.ops.ones((2, 3)), cell.get_initial_state(2))
    >>> h.shape
    TensorShape([2, 4])
    """

    def input_bias(self):
        return self.bias[0] if self.use_bias and self.reset_after else self.bias

    def recurrent_weights(self, masks):
        kernel = tf.convert_to_tensor(self.recurrent_kernel)
        if self.reset_after:
            bias = tf.convert_to_tensor(self.bias)[1] if self.use_bias else None
            return kernel, bias, masks
        return kernel[:, : 2 * self.units], None, masks[:2]

    def update_weights(self, masks):
        if self.reset_after:
            return []
        kernel = tf.convert_to_tensor(self.recurrent_kernel)
        return [kernel[:, 2 * self.units :], *masks[2:]]

    def update(self, a, r, states, *weights, activation, recurrent_activation):
        h = states[0]
        a_z, a_r, a_h = tf.split(a, 3, axis=-1)
        r_z, r_r, *r_h = tf.split(r, 3 if self.reset_after else 2, axis=-1)
        z = recurrent_activation(a_z + r_z)
        reset = recurrent_activation(a_r + r_r)
        if self.reset_after:
            past = reset * r_h[0]
        else:
            kernel, *mask = weights
            past = masked_product(reset * h, kernel, mask)
        candidate = activation(a_h + past)
        return (candidate + z * (h - candidate),)


@keras.saving.register_keras_serializable("rnnzoo")
class GRU(Recurrent, keras.layers.GRU):
    """`keras.layers.GRU`, faster to train, with the equations of `GRUCell`.

    Args:
        *args, **kwargs: Those of `keras.layers.GRU`, `units` first.

    >>> GRU(4, return_sequences=True)(keras.ops.ones((2, 5, 3))).shape
    TensorShape([2, 5, 4])
    """

    cell_class = GRUCell
