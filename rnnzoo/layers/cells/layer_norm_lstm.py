"""LSTM with layer normalization."""

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive_numbers
from rnnzoo.layers.cells.lstm import LSTM, LSTMCell
from rnnzoo.layers.recurrent.masked_product import masked_product


@keras.saving.register_keras_serializable("rnnzoo")
class LayerNormLSTMCell(LSTMCell):
    """One step of an LSTM with layer normalization (Ba et al. 2016, eq. 20-22).

    LN(v; g) is g * (v - mean(v)) / sqrt(variance(v) + epsilon) over the units, for z
    over those of all four gates:

        z = LN(x_t W; g_x) + b + LN(h_{t-1} U; g_h)
        i, f, o = sigmoid(z_i), sigmoid(z_f), sigmoid(z_o)
        c_t = f * c_{t-1} + i * tanh(z_c)
        h_t = o * tanh(LN(c_t; g_c) + b_c)

    Args:
        *args, **kwargs: Those of `LSTMCell`, `units` first.
        epsilon: Small positive number added to the variance.

    The gains `input_gain` and `recurrent_gain` are `(4 * units,)`, `cell_gain` and
    `cell_bias` `(units,)`; the gains start at one. `use_bias` concerns `b` only.

    >>> cell = LayerNormLSTMCell(4)
    >>> h, (h, c) = cell(tf.ones((2, 3)), cell.get_initial_state(2))
    >>> c.shape
    TensorShape([2, 4])
    """

    own_arguments = (*LSTMCell.own_arguments, "epsilon")

    def __init__(self, *args, epsilon: float = 1e-3, **kwargs):
        check_positive_numbers(epsilon=epsilon)
        super().__init__(*args, **kwargs)
        self.epsilon = epsilon

    def build(self, input_shape):
        super().build(input_shape)
        gates, units = (4 * self.units,), (self.units,)
        self.input_gain = self.add_weight(gates, "ones", name="input_gain")
        self.recurrent_gain = self.add_weight(gates, "ones", name="recurrent_gain")
        self.cell_gain = self.add_weight(units, "ones", name="cell_gain")
        self.cell_bias = self.add_weight(units, "zeros", name="cell_bias")

    def project(self, inputs, masks=()):
        a = masked_product(inputs, tf.convert_to_tensor(self.kernel), masks)
        a = self.normalized(a, tf.convert_to_tensor(self.input_gain))
        return a if self.bias is None else a + self.bias

    def normalized(self, values: tf.Tensor, gain: tf.Tensor) -> tf.Tensor:
        """Returns `LN(values; gain)`, computed in at least float32."""
        wide = tf.cast(values, tf.float64 if values.dtype == tf.float64 else tf.float32)
        mean = tf.reduce_mean(wide, axis=-1, keepdims=True)
        variance = tf.reduce_mean((wide - mean) ** 2, axis=-1, keepdims=True)
        scaled = (wide - mean) * tf.math.rsqrt(variance + self.epsilon)
        return tf.cast(scaled, values.dtype) * gain

    def update_weights(self, masks):
        weights = (self.recurrent_gain, self.cell_gain, self.cell_bias)
        weights = map(tf.convert_to_tensor, weights)
        return [*weights, *super().update_weights(masks)]

    def update(
        self, a, r, states, g_h, g_c, b_c, *rest, activation, recurrent_activation
    ):
        z_i, z_f, z_c, z_o = tf.split(a + self.normalized(r, g_h), 4, axis=-1)
        i, f = recurrent_activation(z_i), recurrent_activation(z_f)
        c = f * states[1] + i * activation(z_c)
        h = recurrent_activation(z_o) * activation(self.normalized(c, g_c) + b_c)
        return self.projected(h, *rest), c


@keras.saving.register_keras_serializable("rnnzoo")
class LayerNormLSTM(LSTM):
    """LSTM layer with layer normalization; see `LayerNormLSTMCell` and `LSTM`.

    >>> LayerNormLSTM(4, epsilon=1e-5)(tf.ones((2, 5, 3))).shape
    TensorShape([2, 4])
    """

    cell_class = LayerNormLSTMCell
