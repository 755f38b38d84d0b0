"""Jordan recurrent network."""

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive
from rnnzoo.layers.cells.simple_rnn import SimpleRNNCell
from rnnzoo.layers.recurrent.layer import Recurrent


@keras.saving.register_keras_serializable("rnnzoo")
class JordanRNNCell(SimpleRNNCell):
    """One step of a network whose output is fed back (Jordan 1986).

        h_t = tanh(x_t W + b + y_{t-1} U)
        y_t = tanh(h_t V + c)

    The output `y` is the only state.

    Args:
        *args, **kwargs: Those of `keras.layers.SimpleRNNCell`; `units` is the size of
            `h`.
        output_units: Size of `y`; by default `units`.
        output_activation: Activation of `y`.

    >>> cell = JordanRNNCell(4, output_units=2)
    >>> y, states = cell(tf.ones((3, 5)), [tf.zeros((3, 2))])
    >>> y.shape
    TensorShape([3, 2])
    """

    own_arguments = ("output_units", "output_activation")

    def __init__(
        self, *args, output_units: int | None = None, output_activation="tanh", **kwargs
    ):
        super().__init__(*args, **kwargs)
        output_units = self.units if output_units is None else output_units
        check_positive(output_units=output_units)
        self.output_units = output_units
        self.output_activation = keras.activations.get(output_activation)
        self.state_size = self.output_size = output_units

    def build(self, input_shape):
        super().build(input_shape)
        shape = (self.units, self.output_units)
        self.output_kernel = self.add_kernel(shape, "output_kernel")
        self.output_bias = None
        if self.use_bias:
            self.output_bias = self.add_weight(
                (self.output_units,),
                name="output_bias",
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )

    def activations(self):
        return {**super().activations(), "output_activation": self.output_activation}

    def update_weights(self, masks):
        weights = [self.output_kernel, *([self.output_bias] if self.use_bias else [])]
        return list(map(tf.convert_to_tensor, weights))

    def update(self, a, r, states, v, c=0, *, activation, output_activation):
        h = activation(a + r)
        return (output_activation(h @ v + c),)

    def get_config(self):
        activation = keras.activations.serialize(self.output_activation)
        return {**super().get_config(), "output_activation": activation}


@keras.saving.register_keras_serializable("rnnzoo")
class JordanRNN(Recurrent, keras.layers.SimpleRNN):
    """Jordan recurrent layer, with the equations of `JordanRNNCell`.

    Args:
        *args, **kwargs: Those of `keras.layers.SimpleRNN`, `units` first, and
            `output_units` and `output_activation`.

    The output, which is the only state `y`, has the size `output_units`.

    >>> JordanRNN(4, output_units=2)(tf.ones((3, 6, 5))).shape
    TensorShape([3, 2])
    """

    cell_class = JordanRNNCell
