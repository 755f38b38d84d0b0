"""`RecurrentCell`: the time step that all cells share."""

from collections.abc import Callable, Sequence

import tensorflow as tf

from rnnzoo.layers.recurrent.argument_checks import checked_arguments
from rnnzoo.layers.recurrent.masked_product import Masks, masked_product


class RecurrentCell:
    """Mixin that splits a step into two matrix products and a pointwise `update`.

    List it before the Keras cell, which provides arguments, weights and config. The new
    cell defines its equations as `update`:

    >>> import keras
    >>> class LeakyCell(RecurrentCell, keras.layers.SimpleRNNCell):
    ...     def update(self, a, r, states, *, activation):
    ...         return ((states[0] + activation(a + r)) / 2,)
    >>> h, states = LeakyCell(4)(tf.ones((2, 3)), [tf.zeros((2, 4))])

    Raises:
        ValueError: If `units` is not a positive integer, or a dropout rate is not in
            [0, 1).
    """

    # Arguments that Keras' cell does not have; a layer passes them to its cell.
    own_arguments = ()

    def __init__(self, *args, **kwargs):
        checked_arguments(super().__init__, args, kwargs)
        super().__init__(*args, **kwargs)

    def add_weight(self, shape=None, *args, name=None, **kwargs):
        """Adds a weight; the output need not be of size `units` as in Keras."""
        if name == "recurrent_kernel":
            shape = (self.output_size, *shape[1:])
        return super().add_weight(shape, *args, name=name, **kwargs)

    def add_kernel(self, shape: tuple[int, ...], name: str):
        """Adds a weight with initializer, regularizer and constraint of `kernel`."""
        return self.add_weight(
            shape,
            name=name,
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )

    def update(
        self, a: tf.Tensor, r: tf.Tensor, states: Sequence[tf.Tensor], *weights, **more
    ) -> Sequence[tf.Tensor]:
        """Returns the states after a step; the first is the output `h_t`.

        Args:
            a: `x_t W + b`, tensor `(batch, columns of W)`.
            r: `h_{t-1} U + b_r`, tensor `(batch, columns of U)`.
            states: States before the step; `states[0]` is `h_{t-1}`.
            *weights: Result of `update_weights`.
            **more: Activations, by the names in `activations`.
        """
        raise NotImplementedError(f"{type(self).__name__} must define `update`.")

    def activations(self) -> dict[str, Callable]:
        """Returns the activations that `update` takes."""
        names = ("activation", "recurrent_activation")
        return {name: getattr(self, name) for name in names if hasattr(self, name)}

    def input_bias(self):
        """Returns `b`, the bias of the input product, or `None`."""
        return self.bias

    def recurrent_weights(self, masks: Masks) -> tuple:
        """Returns `U`, `b_r` (or `None`), and the dropout masks that belong to `U`."""
        return tf.convert_to_tensor(self.recurrent_kernel), None, masks

    def update_weights(self, masks: Masks) -> list[tf.Tensor]:
        """Returns the tensors that `update` takes besides `a`, `r` and the states."""
        return []

    def project(self, inputs: tf.Tensor, masks: Masks = ()) -> tf.Tensor:
        """Returns `a = x W + b`, tensor `(..., batch, columns of W)`.

        Args:
            inputs: Tensor `(..., batch, features)`, one step or all.
            masks: Dropout masks `(batch, features)`: none, one, or one for each gate.
        """
        a = masked_product(inputs, tf.convert_to_tensor(self.kernel), masks)
        bias = self.input_bias()
        return a if bias is None else a + bias

    def project_state(self, h: tf.Tensor, masks: Masks = ()) -> tf.Tensor:
        """Returns `r = h U + b_r` of one step, tensor `(batch, columns of U)`.

        Args:
            h: Tensor `(batch, units)`.
            masks: Dropout masks `(batch, units)`: none, one, or one for each gate.
        """
        kernel, bias, masks = self.recurrent_weights(masks)
        r = masked_product(h, kernel, masks)
        return r if bias is None else r + bias

    def dropout_masks(
        self, inputs: tf.Tensor, h: tf.Tensor, training: bool
    ) -> tuple[Masks, Masks]:
        """Returns the dropout masks of the input and of `h` for a batch.

        Keras draws one for each gate with `implementation=1`, which `recurrent_dropout`
        implies.
        """
        if not training:
            return (), ()
        masks = self.get_dropout_mask(inputs), self.get_recurrent_dropout_mask(h)
        return tuple(_as_tuple(mask) for mask in masks)

    def call(self, inputs, states, training=False):
        """Returns output and new states of one step.

        Args:
            inputs: Tensor `(batch, features)`.
            states: Tensor or list of tensors `(batch, size)`.
            training: Whether to apply dropout.
        """
        nested = isinstance(states, (list, tuple))
        before = list(states) if nested else [states]
        input_masks, masks = self.dropout_masks(inputs, before[0], training)
        after = self.update(
            self.project(inputs, input_masks),
            self.project_state(before[0], masks),
            before,
            *self.update_weights(masks),
            **self.activations(),
        )
        return after[0], list(after) if nested else after[0]

    def get_config(self):
        names = ("implementation", *self.own_arguments)
        own = {name: getattr(self, name, None) for name in names}
        # Without `None`, so that Keras can read the config too.
        own = {name: value for name, value in own.items() if value is not None}
        return {**super().get_config(), **own}


def _as_tuple(mask):
    if mask is None:
        return ()
    return tuple(mask) if isinstance(mask, list) else (mask,)
