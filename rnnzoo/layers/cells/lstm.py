"""Long short-term memory."""

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive
from rnnzoo.layers.recurrent.cell import RecurrentCell
from rnnzoo.layers.recurrent.layer import Recurrent


@keras.saving.register_keras_serializable("rnnzoo")
class LSTMCell(RecurrentCell, keras.layers.LSTMCell):
    """One step of long short-term memory (Hochreiter & Schmidhuber 1997).

    With z = x_t W + b + h_{t-1} U split into four blocks in the order i, f, c, o (the
    forget gate is that of Gers et al. 2000):

        i, f, o = sigmoid(z_i), sigmoid(z_f), sigmoid(z_o)
        c_t = f * c_{t-1} + i * tanh(z_c)
        h_t = o * tanh(c_t)

    With a projection, h_t = (o * tanh(c_t)) P (Sak et al. 2014; PyTorch's `proj_size`).

    Args:
        *args, **kwargs: Those of `keras.layers.LSTMCell`, `units` first.
        projection: Size of `h`; `None` for `units` and no `P`.

    >>> cell = LSTMCell(4)
    >>> h, (h, c) = cell(keras.ops.ones((2, 3)), cell.get_initial_state(2))
    >>> h.shape, c.shape
    (TensorShape([2, 4]), TensorShape([2, 4]))
    """

    own_arguments = ("projection",)

    def __init__(self, *args, projection: int | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.projection = projection
        if projection is not None:
            check_positive(projection=projection)
            self.output_size = projection
            self.state_size = [projection, self.units]

    def build(self, input_shape):
        super().build(input_shape)
        if self.projection is not None:
            shape = (self.units, self.projection)
            self.projection_kernel = self.add_kernel(shape, "projection_kernel")

    def update_weights(self, masks):
        if self.projection is None:
            return []
        return [tf.convert_to_tensor(self.projection_kernel)]

    def update(self, a, r, states, *rest, activation, recurrent_activation):
        z_i, z_f, z_c, z_o = tf.split(a + r, 4, axis=-1)
        i, f = recurrent_activation(z_i), recurrent_activation(z_f)
        c = f * states[1] + i * activation(z_c)
        h = recurrent_activation(z_o) * activation(c)
        return self.projected(h, *rest), c

    def projected(self, h: tf.Tensor, *kernel: tf.Tensor) -> tf.Tensor:
        """Returns `h P`, or `h` without a projection."""
        return h @ kernel[0] if kernel else h


@keras.saving.register_keras_serializable("rnnzoo")
class LSTM(Recurrent, keras.layers.LSTM):
    """`keras.layers.LSTM`, faster to train, with the equations of `LSTMCell`.

    Args:
        *args, **kwargs: Those of `keras.layers.LSTM`, `units` first, and `projection`.

    The states are `h` and `c`. With a projection, output and `h` have its size.

    >>> h, last_h, last_c = LSTM(4, return_state=True)(keras.ops.ones((2, 5, 3)))
    >>> last_c.shape
    TensorShape([2, 4])
    """

    cell_class = LSTMCell
