"""`scan`: loop of a recurrent cell over time, with its own backward pass.

A recurrent step consists of a part that does not depend on the past (`a_t = x_t W + b`,
one matrix product for all steps, computed before the loop), a matrix product that does
(`r_t = h_{t-1} U + b_r`), and the cell's pointwise `update`:

    states_t = update(a_t, r_t, states_{t-1})

The forward loop holds only `h U` and `update`. The backward loop holds only `dr U^T`
and the derivative of `update`, computed by a tape from the states and activations that
the forward pass kept. The gradients of `U` and `b_r` are one product each after the
loop. Those of `W`, `b` and `x` follow from the gradient of `a` by ordinary
differentiation.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import tensorflow as tf

from rnnzoo.layers.recurrent.kept_activations import recording, replaying
from rnnzoo.layers.recurrent.masked_product import (
    Masks,
    gradient_of_matrix,
    gradient_of_x,
    masked_product,
)
from rnnzoo.layers.recurrent.xla import under_xla

Tensors = list[tf.Tensor]


@dataclass(frozen=True)
class Recurrence:
    """The parts of a recurrence that all steps share and that need no gradient.

    Args:
        update: The cell's function
            `update(a_t, r_t, states, *weights, **activations) -> states`; `states[0]`
            is the output `h`, which enters the recurrent product.
        activations: Functions that `update` takes by name.
        dropout_masks: Tensors `(batch, units)` that multiply `h` before the recurrent
            product: none, one, or one for each block of columns of `U`.
        mask: Boolean tensor `(time, batch, 1)`, or `None`. Where it is false, the
            states do not change.
        unroll: Whether to unroll the loop; the number of steps must then be static.
    """

    update: Callable[..., Sequence[tf.Tensor]]
    activations: Mapping[str, Callable] = field(default_factory=dict)
    dropout_masks: Masks = ()
    mask: tf.Tensor | None = None
    unroll: bool = False


def scan(
    recurrence: Recurrence,
    inputs: tf.Tensor,
    states: Tensors,
    kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
    weights: Sequence[tf.Tensor] = (),
    training: bool = False,
    sequences: int = 1,
) -> tuple[Tensors, Tensors]:
    """Runs a recurrence over time.

    Args:
        recurrence: The cell's `update` with activations, dropout and mask.
        inputs: `a`, the projected inputs, tensor `(time, batch, columns of W)`.
        states: Tensors `(batch, size)`, the states before the first step.
        kernel: `U`, tensor `(units, columns)`.
        bias: `b_r`, tensor `(columns,)`, or `None`.
        weights: Further tensors that `update` takes.
        training: Whether gradients are needed. If not, nothing is kept for a backward
            pass, and the graph has no custom gradient.
        sequences: Number of states whose full sequence is returned.

    Returns:
        The sequences of the first `sequences` states, `(time, batch, size)` each, and
        the list of all last states.
    """
    if training:
        results = _differentiable(
            recurrence, inputs, states, kernel, bias, weights, sequences
        )
        return results[:sequences], results[sequences:]
    loop = _Loop(recurrence, kernel, bias, weights)
    last, stacked, _ = loop.forward(inputs, states, sequences)
    return stacked, last


def _differentiable(recurrence, inputs, states, kernel, bias, weights, sequences):
    """Returns the results of `scan` in one list, with the gradient of `_Loop`."""
    biases, n = ([] if bias is None else [bias]), len(states)

    @tf.custom_gradient
    def run(inputs, kernel, *rest):
        bias, rest = (rest[0], rest[1:]) if biases else (None, rest)
        states = rest[:n]
        loop = _Loop(recurrence, kernel, bias, rest[n:])
        last, stacked, kept = loop.forward(inputs, states, n, keep=True)

        def gradient(*d, variables=()):
            _check_no_variables(variables)
            before = [
                tf.concat([first[None], sequence[:-1]], axis=0)
                for first, sequence in zip(states, stacked, strict=True)
            ]
            return loop.backward(
                inputs, before, kept, d[:sequences], list(d[sequences:])
            )

        return [*stacked[:sequences], *last], gradient

    return run(inputs, kernel, *biases, *states, *weights)


class _Loop:
    """A recurrence and its weights, with forward and backward pass."""

    def __init__(self, recurrence, kernel, bias, weights):
        self.recurrence = recurrence
        self.kernel = kernel
        self.bias = bias
        self.weights = list(weights)

    def forward(self, inputs, states, stacked, keep=False):
        """Returns last states, sequences of the first `stacked`, kept activations."""
        length = _length(inputs)
        like = list(states[:stacked])
        if keep:  # A step for the shapes of its activations; pruned from the graph.
            like += self._step(tf.reduce_sum(inputs[:0], axis=0), states)[1]

        def step(t, states, arrays):
            new, kept = self._step(inputs[t], states)
            if self.recurrence.mask is not None:
                new = _select(self.recurrence.mask[t], new, states)
            written = [*new[:stacked], *kept][: len(arrays)]
            arrays = [a.write(t, x) for a, x in zip(arrays, written, strict=True)]
            return list(new), arrays

        arrays = [_array(length, x.dtype, x.shape) for x in like]
        states, arrays = self._while(step, length, (list(states), arrays))
        values = [array.stack() for array in arrays]
        return states, values[:stacked], values[stacked:]

    def backward(self, inputs, before, kept, d_outputs, d_states):
        """Returns the gradients of the arguments of `run`, in their order.

        `before` holds the states before every step, `kept` the outputs of activations,
        `d_outputs` the gradients of the returned sequences, `d_states` those of the
        last states.
        """
        masks, mask = self.recurrence.dropout_masks, self.recurrence.mask
        length, n = _length(inputs), len(before)
        # Pruned from the graph if the kept activations suffice.
        products = self._product(before[0])
        transposed = tf.transpose(self.kernel)

        def step(i, d_states, d_weights, arrays):
            t = length - 1 - i
            d_states = list(d_states)
            for number, d in enumerate(d_outputs):
                d_states[number] += d[t]
            if mask is not None:
                zeros = [tf.zeros_like(d) for d in d_states]
                bypassed = _select(mask[t], zeros, d_states)
                d_states = _select(mask[t], d_states, zeros)
            da, dr, *rest = self._update_gradient(
                [inputs[t], products[t], *(x[t] for x in before)],
                [y[t] for y in kept],
                d_states,
            )
            d_states, dw = rest[:n], rest[n:]
            d_states[0] += gradient_of_x(dr, transposed, masks)
            if mask is not None:
                d_states = [d + b for d, b in zip(d_states, bypassed, strict=True)]
            d_weights = [total + d for total, d in zip(d_weights, dw, strict=True)]
            arrays = [a.write(t, d) for a, d in zip(arrays, (da, dr), strict=True)]
            return d_states, d_weights, arrays

        arrays = [_array(length, x.dtype, x.shape[1:]) for x in (inputs, products)]
        d_weights = [tf.zeros_like(weight) for weight in self.weights]
        carry = d_states, d_weights, arrays
        d_states, d_weights, arrays = self._while(step, length, carry)
        da, dr = (array.stack() for array in arrays)
        d_kernel = gradient_of_matrix(before[0], dr, masks)
        d_bias = [] if self.bias is None else [tf.reduce_sum(dr, axis=[0, 1])]
        return [da, d_kernel, *d_bias, *d_states, *d_weights]

    def _step(self, a, states):
        """Returns the states after a step and the outputs of its activations."""
        outputs = []
        activations = recording(self.recurrence.activations, outputs)
        r = self._product(states[0])
        update = self.recurrence.update
        return update(a, r, states, *self.weights, **activations), outputs

    def _update_gradient(self, sources, kept, d_states):
        sources = [*sources, *self.weights]
        activations = replaying(self.recurrence.activations, kept)
        n = 2 + len(d_states)
        with tf.GradientTape() as tape:
            tape.watch(sources)
            a, r, *states = sources[:n]
            new = self.recurrence.update(a, r, states, *sources[n:], **activations)
        return tape.gradient(list(new), sources, d_states, unconnected_gradients="zero")

    def _product(self, h):
        r = masked_product(h, self.kernel, self.recurrence.dropout_masks)
        return r if self.bias is None else r + self.bias

    def _while(self, step, length, carry):
        """Returns `carry` after `carry = step(t, *carry)` for t below `length`."""
        if self.recurrence.unroll:
            for t in range(length):
                carry = step(t, *carry)
            return carry
        _, *carry = tf.while_loop(
            lambda t, *_: t < length,
            lambda t, *carry: (t + 1, *step(t, *carry)),
            (tf.constant(0), *carry),
            # XLA needs it for a gradient; otherwise it would only cost a counter.
            maximum_iterations=length if under_xla() else None,
        )
        return carry


def _check_no_variables(variables):
    if variables:
        names = ", ".join(variable.name for variable in variables)
        raise ValueError(
            f"`update` or one of its activations reads the variables {names}, which "
            "get no gradient there. Pass them by the cell's `update_weights`; an "
            "activation must be a function without weights."
        )


def _length(inputs):
    return inputs.shape[0] if inputs.shape[0] is not None else tf.shape(inputs)[0]


def _array(length, dtype, shape):
    return tf.TensorArray(dtype, size=length, element_shape=shape)


def _select(mask, new, old):
    return [tf.where(mask, n, o) for n, o in zip(new, old, strict=True)]
