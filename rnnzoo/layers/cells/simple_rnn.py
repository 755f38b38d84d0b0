"""Simple (Elman) recurrent network."""

import keras

from rnnzoo.layers.recurrent.cell import RecurrentCell
from rnnzoo.layers.recurrent.layer import Recurrent


@keras.saving.register_keras_serializable("rnnzoo")
class SimpleRNNCell(RecurrentCell, keras.layers.SimpleRNNCell):
    """One step of a simple recurrent network (Elman 1990).

        h_t = tanh(x_t W + b + h_{t-1} U)

    Args:
        *args, **kwargs: Those of `keras.layers.SimpleRNNCell`, `units` first.

    >>> cell = SimpleRNNCell(4)
    >>> h, states = cell(keras.ops.ones((2, 3)), cell.get_initial_state(2))
    >>> h.shape
    TensorShape([2, 4])
    """

    def update(self, a, r, states, *, activation):
        return (activation(a + r),)


@keras.saving.register_keras_serializable("rnnzoo")
class SimpleRNN(Recurrent, keras.layers.SimpleRNN):
    """`keras.layers.SimpleRNN`, faster to train, with the equation of `SimpleRNNCell`.

    Args:
        *args, **kwargs: Those of `keras.layers.SimpleRNN`, `units` first.

    >>> SimpleRNN(4)(keras.ops.ones((2, 5, 3))).shape
    TensorShape([2, 4])
    """

    cell_class = SimpleRNNCell
