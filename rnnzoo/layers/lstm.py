"""Long short-term memory."""

import keras
import tensorflow as tf

from rnnzoo.layers.cell import GatedCell
from rnnzoo.layers.recurrent import Recurrent


@keras.saving.register_keras_serializable("rnnzoo")
class LSTMCell(GatedCell):
    """One step of long short-term memory (Hochreiter & Schmidhuber 1997).

    With z = x_t W + b + h_{t-1} U, cut into four blocks in the order i, f, c, o
    (the forget gate is that of Gers et al. 2000):

        i, f, o = sigmoid(z_i), sigmoid(z_f), sigmoid(z_o)
        c_t = f * c_{t-1} + i * tanh(z_c)
        h_t = o * tanh(c_t)

    Args:
        units: positive integer, the size of `h` and `c`.
        activation: activation of the candidate and of `c_t`.
        recurrent_activation: activation of the gates.
        use_bias: whether there is a bias, `(4 * units,)`.
        unit_forget_bias: whether the forget gate's bias starts at one
            (Jozefowicz et al. 2015).
        **kwargs: see `GatedCell`; names and defaults are those of
            `keras.layers.LSTMCell`.

    >>> cell = LSTMCell(4)
    >>> h, (h, c) = cell(keras.ops.ones((2, 3)), cell.get_initial_state(2))
    >>> h.shape, c.shape
    (TensorShape([2, 4]), TensorShape([2, 4]))
    """

    gates = 4

    def __init__(self, units: int, *args, unit_forget_bias: bool = True, **kwargs):
        super().__init__(units, *args, **kwargs)
        self.unit_forget_bias = unit_forget_bias
        self.state_size = [units, units]

    def update(self, a, r, states):
        z_i, z_f, z_c, z_o = tf.split(a + r, 4, axis=-1)
        i, f = self.recurrent_activation(z_i), self.recurrent_activation(z_f)
        c = f * states[1] + i * self.activation(z_c)
        return self.recurrent_activation(z_o) * self.activation(c), c

    def initialize_bias(self, shape, dtype=None):
        bias = super().initialize_bias(shape, dtype)
        if not self.unit_forget_bias:
            return bias
        i, _, c, o = keras.ops.split(bias, 4)
        return keras.ops.concatenate([i, keras.ops.ones_like(i), c, o])

    def get_config(self):
        return {**super().get_config(), "unit_forget_bias": self.unit_forget_bias}


@keras.saving.register_keras_serializable("rnnzoo")
class LSTM(Recurrent):
    """LSTM layer over `LSTMCell`; see there and `Recurrent` for the arguments.

    Input `(batch, time, features)`, output `(batch, units)`, or
    `(batch, time, units)` with `return_sequences`; two states, `h` and `c`.

    >>> h, last_h, last_c = LSTM(4, return_state=True)(keras.ops.ones((2, 5, 3)))
    >>> last_c.shape
    TensorShape([2, 4])
    """

    cell_class = LSTMCell
