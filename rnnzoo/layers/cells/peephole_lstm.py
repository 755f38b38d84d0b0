"""LSTM with peephole connections from the cell state to the gates."""

import keras
import tensorflow as tf

from rnnzoo.layers.cells.lstm import LSTM, LSTMCell


@keras.saving.register_keras_serializable("rnnzoo")
class PeepholeLSTMCell(LSTMCell):
    """One step of an LSTM with peephole connections (Gers & Schmidhuber 2000).

    With z as in `LSTMCell`, and a vector p for each gate:

        i, f = sigmoid(z_i + p_i * c_{t-1}), sigmoid(z_f + p_f * c_{t-1})
        c_t = f * c_{t-1} + i * tanh(z_c)
        o = sigmoid(z_o + p_o * c_t)
        h_t = o * tanh(c_t)

    Args:
        *args, **kwargs: Those of `LSTMCell`, `units` first.

    The weight `peephole_kernel` is `(3, units)`, in the order i, f, o.

    >>> cell = PeepholeLSTMCell(4)
    >>> h, (h, c) = cell(tf.ones((2, 3)), cell.get_initial_state(2))
    >>> c.shape
    TensorShape([2, 4])
    """

    def build(self, input_shape):
        super().build(input_shape)
        self.peephole_kernel = self.add_kernel((3, self.units), "peephole_kernel")

    def update_weights(self, masks):
        peephole_kernel = tf.convert_to_tensor(self.peephole_kernel)
        return [peephole_kernel, *super().update_weights(masks)]

    def update(self, a, r, states, p, *rest, activation, recurrent_activation):
        z_i, z_f, z_c, z_o = tf.split(a + r, 4, axis=-1)
        i = recurrent_activation(z_i + p[0] * states[1])
        f = recurrent_activation(z_f + p[1] * states[1])
        c = f * states[1] + i * activation(z_c)
        o = recurrent_activation(z_o + p[2] * c)
        return self.projected(o * activation(c), *rest), c


@keras.saving.register_keras_serializable("rnnzoo")
class PeepholeLSTM(LSTM):
    """LSTM layer with peephole connections; see `PeepholeLSTMCell` and `LSTM`.

    >>> PeepholeLSTM(4)(tf.ones((2, 5, 3))).shape
    TensorShape([2, 4])
    """

    cell_class = PeepholeLSTMCell
