"""`RecurrentCell`: the one step of time that all our cells share."""

from collections.abc import Callable, Sequence

import tensorflow as tf

from rnnzoo.layers.recurrent.argument_checks import checked_arguments
from rnnzoo.layers.recurrent.masked_product import Masks, masked_product


class RecurrentCell:
    """Cuts the step of a cell of Keras into two products and a pointwise rest.

    It goes before the class of Keras that brings the arguments, the weights and
    the config; the new cell writes its equations as `update`:

    >>> import keras
    >>> class LeakyCell(RecurrentCell, keras.layers.SimpleRNNCell):
    ...     def update(self, a, r, states, *, activation):
    ...         return ((states[0] + activation(a + r)) / 2,)
    >>> h, states = LeakyCell(4)(tf.ones((2, 3)), [tf.zeros((2, 4))])

    Raises:
        ValueError: if `units` is not a positive integer, or a dropout rate is not in
            [0, 1).
    """

    # Arguments that the class of Keras does not know; a layer hands them to its cell.
    own_arguments = ()

    def __init__(self, *args, **kwargs):
        checked_arguments(super().__init__, args, kwargs)
        super().__init__(*args, **kwargs)

    def add_weight(self, shape=None, *args, name=None, **kwargs):
        """As in Keras, which takes the output to be `units` wide; ours may not be."""
        if name == "recurrent_kernel":
            shape = (self.output_size, *shape[1:])
        return super().add_weight(shape, *args, name=name, **kwargs)

    def add_kernel(self, shape: tuple[int, ...], name: str):
        """A weight that starts, is regularized and constrained as `kernel` is."""
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
        """The cell's equations: the states after a step.

        Args:
            a: `x_t W + b`, tensor `(batch, columns of W)`.
            r: `h_{t-1} U + b_r`, tensor `(batch, columns of U)`.
            states: the states before the step; `states[0]` is `h_{t-1}`.
            *weights: what `update_weights` returns.
            **more: the activations, by the names that `activations` has for them.

        Returns:
            The states after the step; the first is the output `h_t`.
        """
        raise NotImplementedError(f"{type(self).__name__} must define `update`.")

    def activations(self) -> dict[str, Callable]:
        """The activations that `update` takes."""
        names = ("activation", "recurrent_activation")
        return {name: getattr(self, name) for name in names if hasattr(self, name)}

    def input_bias(self):
        """`b`, the bias of the input product, or `None`."""
        return self.bias

    def recurrent_weights(self, masks: Masks) -> tuple:
        """`U`, `b_r` (or `None`), and those of the dropout masks that are for `U`."""
        return tf.convert_to_tensor(self.recurrent_kernel), None, masks

    def update_weights(self, masks: Masks) -> list[tf.Tensor]:
        """Tensors that `update` takes besides `a`, `r` and the states."""
        return []

    def project(self, inputs: tf.Tensor, masks: Masks = ()) -> tf.Tensor:
        """`a = x W + b` for one step `(batch, features)`, or for all at once.

        Args:
            inputs: tensor `(..., batch, features)`.
            masks: dropout masks `(batch, features)`: none, one, or one for each gate.

        Returns:
            Tensor `(..., batch, columns of W)`.
        """
        a = masked_product(inputs, tf.convert_to_tensor(self.kernel), masks)
        bias = self.input_bias()
        return a if bias is None else a + bias

    def project_state(self, h: tf.Tensor, masks: Masks = ()) -> tf.Tensor:
        """`r = h U + b_r` for one step.

        Args:
            h: tensor `(batch, units)`.
            masks: dropout masks `(batch, units)`: none, one, or one for each gate.

        Returns:
            Tensor `(batch, columns of U)`.
        """
        kernel, bias, masks = self.recurrent_weights(masks)
        r = masked_product(h, kernel, masks)
        return r if bias is None else r + bias

    def dropout_masks(
        self, inputs: tf.Tensor, h: tf.Tensor, training: bool
    ) -> tuple[Masks, Masks]:
        """The masks of one batch, of the input and of `h`; without dropout, none.

        Keras draws one for each gate with `implementation=1`, which
        `recurrent_dropout` brings with it.
        """
        if not training:
            return (), ()
        masks = self.get_dropout_mask(inputs), self.get_recurrent_dropout_mask(h)
        return tuple(_as_tuple(mask) for mask in masks)

    def call(self, inputs, states, training=False):
        """One step of time.

        Args:
            inputs: tensor `(batch, features)`.
            states: tensor or list of tensors `(batch, size)`.
            training: whether dropout is on.

        Returns:
            The output `(batch, units)`, and the states, nested as they came.
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
        config = super().get_config()
        own = {
            n: getattr(self, n, None) for n in ("implementation", *self.own_arguments)
        }
        # What is not given is left out, so that Keras can read the config too.
        return {**config, **{k: v for k, v in own.items() if v is not None}}


def _as_tuple(mask):
    if mask is None:
        return ()
    return tuple(mask) if isinstance(mask, list) else (mask,)
