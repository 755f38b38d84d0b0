"""`RecurrentCell`: the weights, and one step of time, of every recurrent cell."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive, check_rates


class RecurrentCell(keras.layers.Layer):
    """Base of the cells: owns the weights, leaves the equations to `update`.

    A subclass sets `gates` (how many blocks of `units` columns the kernels have)
    and defines `update`; everything else is here.

    Args:
        units: positive integer, the size of the output `h`.
        activation: name of, or function for, the activation of the candidate.
        use_bias: whether there is a bias.
        kernel_initializer: initializer of `kernel`, `(features, gates * units)`.
        recurrent_initializer: initializer of `recurrent_kernel`,
            `(units, gates * units)`.
        bias_initializer: initializer of `bias`.
        kernel_regularizer: regularizer of `kernel`, or `None`.
        recurrent_regularizer: regularizer of `recurrent_kernel`, or `None`.
        bias_regularizer: regularizer of `bias`, or `None`.
        kernel_constraint: constraint on `kernel`, or `None`.
        recurrent_constraint: constraint on `recurrent_kernel`, or `None`.
        bias_constraint: constraint on `bias`, or `None`.
        dropout: fraction, in [0, 1), of the input features to drop in training.
        recurrent_dropout: fraction, in [0, 1), of `h` to drop in training before
            the recurrent product.
        seed: integer seed of the dropout, or `None`.
        **kwargs: `name`, `dtype`, `trainable` of `keras.layers.Layer`.

    Raises:
        ValueError: if `units` is not a positive integer, or a dropout rate is
            not in [0, 1).
    """

    gates = 1

    def __init__(
        self,
        units: int,
        activation="tanh",
        use_bias: bool = True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        **kwargs,
    ):
        check_positive(units=units)
        check_rates(dropout=dropout, recurrent_dropout=recurrent_dropout)
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.recurrent_initializer = keras.initializers.get(recurrent_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
        self.recurrent_regularizer = keras.regularizers.get(recurrent_regularizer)
        self.bias_regularizer = keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = keras.constraints.get(kernel_constraint)
        self.recurrent_constraint = keras.constraints.get(recurrent_constraint)
        self.bias_constraint = keras.constraints.get(bias_constraint)
        self.dropout = dropout
        self.recurrent_dropout = recurrent_dropout
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.state_size = units
        self.output_size = units

    @property
    def bias_shape(self) -> tuple[int, ...]:
        """Shape of the bias."""
        return (self.gates * self.units,)

    def build(self, input_shape):
        columns = self.gates * self.units
        self.kernel = self.add_weight(
            shape=(input_shape[-1], columns),
            name="kernel",
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.recurrent_kernel = self.add_weight(
            shape=(self.units, columns),
            name="recurrent_kernel",
            initializer=self.recurrent_initializer,
            regularizer=self.recurrent_regularizer,
            constraint=self.recurrent_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                shape=self.bias_shape,
                name="bias",
                initializer=self.initialize_bias,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )

    def initialize_bias(self, shape, dtype=None):
        """Returns the bias before training; `bias_initializer` unless overridden."""
        return self.bias_initializer(shape, dtype=dtype)

    def update(
        self, a: tf.Tensor, r: tf.Tensor, states: Sequence[tf.Tensor], *weights
    ) -> Sequence[tf.Tensor]:
        """The cell's equations: the states after a step.

        Args:
            a: `x_t W + b`, tensor `(batch, gates * units)`.
            r: `h_{t-1} U + b_r`, tensor `(batch, recurrent gates * units)`.
            states: the states before the step; `states[0]` is `h_{t-1}`.
            *weights: what `update_weights` returns.

        Returns:
            The states after the step; the first is the output `h_t`.
        """
        raise NotImplementedError(f"{type(self).__name__} must define `update`.")

    def input_bias(self):
        """`b`, the bias of the input product, or `None`."""
        return self.bias

    def recurrent_weights(self):
        """`U` and `b_r` (or `None`), the weights of the recurrent product."""
        return tf.convert_to_tensor(self.recurrent_kernel), None

    def update_weights(self) -> list[tf.Tensor]:
        """Tensors that `update` takes besides `a`, `r` and the states."""
        return []

    def project(self, inputs: tf.Tensor) -> tf.Tensor:
        """`a = x W + b` for one step `(batch, features)`, or for all at once."""
        a = tf.tensordot(inputs, tf.convert_to_tensor(self.kernel), 1)
        bias = self.input_bias()
        return a if bias is None else a + bias

    def dropout_mask(self, like: tf.Tensor, rate: float, training: bool):
        """A dropout mask `(batch, size)` to be used at every step, or `None`."""
        if not training or not rate:
            return None
        return keras.random.dropout(tf.ones_like(like), rate, seed=self.seed_generator)

    def call(self, inputs, states, training=False):
        """One step of time.

        Args:
            inputs: tensor `(batch, features)`.
            states: tensor or list of tensors `(batch, units)`.
            training: whether dropout is on; a cell called step by step draws a
                new dropout mask at each.

        Returns:
            The output `(batch, units)`, and the states, nested as they came.
        """
        nested = isinstance(states, (list, tuple))
        before = list(states) if nested else [states]
        input_mask = self.dropout_mask(inputs, self.dropout, training)
        if input_mask is not None:
            inputs = inputs * input_mask
        h = before[0]
        h_mask = self.dropout_mask(h, self.recurrent_dropout, training)
        kernel, bias = self.recurrent_weights()
        r = tf.matmul(h if h_mask is None else h * h_mask, kernel)
        if bias is not None:
            r = r + bias
        after = self.update(self.project(inputs), r, before, *self.update_weights())
        return after[0], list(after) if nested else after[0]

    def get_initial_state(self, batch_size=None):
        """Zeros, one tensor `(batch_size, size)` for each state."""
        sizes = self.state_size
        sizes = sizes if isinstance(sizes, list) else [sizes]
        return [
            keras.ops.zeros((batch_size, size), self.compute_dtype) for size in sizes
        ]

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "activation": keras.activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "recurrent_initializer": keras.initializers.serialize(
                self.recurrent_initializer
            ),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
            "recurrent_regularizer": keras.regularizers.serialize(
                self.recurrent_regularizer
            ),
            "bias_regularizer": keras.regularizers.serialize(self.bias_regularizer),
            "kernel_constraint": keras.constraints.serialize(self.kernel_constraint),
            "recurrent_constraint": keras.constraints.serialize(
                self.recurrent_constraint
            ),
            "bias_constraint": keras.constraints.serialize(self.bias_constraint),
            "dropout": self.dropout,
            "recurrent_dropout": self.recurrent_dropout,
            "seed": self.seed,
        }


class GatedCell(RecurrentCell):
    """Base of the cells with gates, which have an activation of their own.

    Args:
        units: positive integer, the size of the output `h`.
        activation: activation of the candidate.
        recurrent_activation: activation of the gates.
        use_bias: whether there is a bias.
        **kwargs: see `RecurrentCell`.
    """

    def __init__(
        self,
        units: int,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias: bool = True,
        **kwargs,
    ):
        super().__init__(units, activation, use_bias, **kwargs)
        self.recurrent_activation = keras.activations.get(recurrent_activation)

    def get_config(self):
        activation = keras.activations.serialize(self.recurrent_activation)
        return {**super().get_config(), "recurrent_activation": activation}
