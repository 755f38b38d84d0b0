"""`scan`: a recurrent cell over time, with its own backward pass.

A recurrent step has a part that does not depend on the past (`a_t = x_t W + b`,
one matrix product for all steps, made before the loop), one matrix product that
does (`r_t = h_{t-1} U + b_r`), and a pointwise rest, the cell's `update`:

    states_t = update(a_t, r_t, states_{t-1})

The loop holds only `h U` and `update`. Going back, the loop holds only `dr U^T`
and the derivative of `update`; the gradients of `U` and `b_r` are one product
each after it, and those of `W`, `b` and `x` follow from the gradient of `a` as
one product each by ordinary differentiation.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import tensorflow as tf

States = list[tf.Tensor]


@dataclass(frozen=True)
class Recurrence:
    """What stays the same from step to step.

    Args:
        update: the cell's pointwise rest,
            `update(a_t, r_t, states, *weights) -> states`; `states[0]` is the
            output `h`, which enters the recurrent product.
        dropout_mask: tensor `(batch, units)` that multiplies `h` before the
            recurrent product at every step, or `None`.
        unroll: whether the loop is written out step by step in the graph; the
            number of steps must then be known.
    """

    update: Callable[..., Sequence[tf.Tensor]]
    dropout_mask: tf.Tensor | None = None
    unroll: bool = False


def scan(
    recurrence: Recurrence,
    inputs: tf.Tensor,
    states: States,
    kernel: tf.Tensor,
    bias: tf.Tensor | None = None,
    weights: Sequence[tf.Tensor] = (),
    mask: tf.Tensor | None = None,
    training: bool = False,
    return_sequences: bool = True,
) -> tuple[tf.Tensor | None, States]:
    """Runs a recurrence over time.

    Args:
        recurrence: the `Recurrence`, which holds the cell's `update`.
        inputs: `a`, tensor `(time, batch, gates)`, the projected inputs.
        states: list of tensors `(batch, units)`, the states before the first step.
        kernel: `U`, tensor `(units, recurrent_gates)`.
        bias: `b_r`, tensor `(recurrent_gates,)`, or `None`.
        weights: further tensors that `update` takes.
        mask: boolean tensor `(time, batch, 1)`; where it is false the states
            stay as they were. `None` means that every step counts.
        training: whether gradients will be asked for. If not, nothing is kept
            for a backward pass and no custom gradient stands in the graph.
        return_sequences: whether the states `h` of all steps are returned.

    Returns:
        `h` of all steps, `(time, batch, units)`, or `None` without
        `return_sequences`, and the list of the last states.
    """
    loop = _Loop(recurrence, mask)
    if not training:
        kept = 1 if return_sequences else 0
        last, stacked = loop.forward(inputs, states, kernel, bias, weights, kept)
        return (stacked[0] if return_sequences else None), last
    outputs, *last = loop.differentiable(inputs, states, kernel, bias, weights)
    return outputs, last


class _Loop:
    """A recurrence and its mask, run forward or, with a gradient, back."""

    def __init__(self, recurrence: Recurrence, mask: tf.Tensor | None):
        self.recurrence = recurrence
        self.mask = mask

    def forward(self, inputs, states, kernel, bias, weights, kept):
        """Returns the last states, and the first `kept` states of every step."""
        length = _length(inputs)

        def step(t, states, arrays):
            r = self._recurrent_product(states[0], kernel, bias)
            new = self.recurrence.update(inputs[t], r, states, *weights)
            if self.mask is not None:
                new = _select(self.mask[t], new, states)
            arrays = [a.write(t, s) for a, s in zip(arrays, new[:kept], strict=True)]
            return list(new), arrays

        arrays = [_array(length, state.dtype, state.shape) for state in states[:kept]]
        states, arrays = self._while(step, length, (list(states), arrays))
        return states, [array.stack() for array in arrays]

    def differentiable(self, inputs, states, kernel, bias, weights):
        """Returns `h` of all steps and the last states, with their own gradient."""
        has_bias, n = bias is not None, len(states)

        @tf.custom_gradient
        def run(inputs, kernel, *rest):
            bias, rest = (rest[0], rest[1:]) if has_bias else (None, rest)
            states, weights = list(rest[:n]), list(rest[n:])
            last, stacked = self.forward(inputs, states, kernel, bias, weights, n)

            def gradient(d_outputs, *d_last):
                before = [
                    tf.concat([s[None], all_s[:-1]], axis=0)
                    for s, all_s in zip(states, stacked, strict=True)
                ]
                return self.backward(
                    inputs, before, kernel, bias, weights, d_outputs, list(d_last)
                )

            return [stacked[0], *last], gradient

        biases = [bias] if has_bias else []
        return run(inputs, kernel, *biases, *states, *weights)

    def backward(self, inputs, before, kernel, bias, weights, d_outputs, d_states):
        """Backpropagation through time.

        `before` holds the states before every step, `d_outputs` the gradient of
        `h` of every step, `d_states` that of the last states. Returns the
        gradients in the order of the arguments of `run`.
        """
        length = _length(inputs)
        h = self._dropped(before[0])
        products = self._recurrent_product(before[0], kernel, bias)

        def step(i, d_states, d_weights, arrays):
            t = length - 1 - i
            d_states = [d_states[0] + d_outputs[t], *d_states[1:]]
            kept = None
            if self.mask is not None:
                zeros = [tf.zeros_like(d) for d in d_states]
                kept = _select(self.mask[t], zeros, d_states)
                d_states = _select(self.mask[t], d_states, zeros)
            sources = [inputs[t], products[t], *(s[t] for s in before), *weights]
            da, dr, *rest = self._update_gradient(sources, len(before), d_states)
            d_states, dw = rest[: len(before)], rest[len(before) :]
            d_states[0] += self._dropped(tf.matmul(dr, kernel, transpose_b=True))
            if kept is not None:
                d_states = [d + k for d, k in zip(d_states, kept, strict=True)]
            d_weights = [total + d for total, d in zip(d_weights, dw, strict=True)]
            arrays = [
                array.write(t, d) for array, d in zip(arrays, (da, dr), strict=True)
            ]
            return d_states, d_weights, arrays

        arrays = [_array(length, x.dtype, x.shape[1:]) for x in (inputs, products)]
        d_weights = [tf.zeros_like(weight) for weight in weights]
        d_states, d_weights, arrays = self._while(
            step, length, (d_states, d_weights, arrays)
        )
        da, dr = (array.stack() for array in arrays)
        d_kernel = tf.tensordot(h, dr, axes=[[0, 1], [0, 1]])
        d_bias = [] if bias is None else [tf.reduce_sum(dr, axis=[0, 1])]
        return [da, d_kernel, *d_bias, *d_states, *d_weights]

    def _update_gradient(self, sources, n, d_states):
        with tf.GradientTape() as tape:
            tape.watch(sources)
            a, r, *rest = sources
            states = self.recurrence.update(a, r, rest[:n], *rest[n:])
        return tape.gradient(
            list(states), sources, d_states, unconnected_gradients="zero"
        )

    def _recurrent_product(self, h, kernel, bias):
        product = tf.matmul(self._dropped(h), kernel)
        return product if bias is None else product + bias

    def _dropped(self, h):
        mask = self.recurrence.dropout_mask
        return h if mask is None else h * mask

    def _while(self, step, length, carry):
        """Carries `carry` through `step(t, *carry)` for every t below `length`."""
        if self.recurrence.unroll:
            for t in range(length):
                carry = step(t, *carry)
            return carry
        _, *carry = tf.while_loop(
            lambda t, *_: t < length,
            lambda t, *carry: (t + 1, *step(t, *carry)),
            (tf.constant(0), *carry),
            maximum_iterations=length,
        )
        return carry


def _length(inputs):
    return inputs.shape[0] if inputs.shape[0] is not None else tf.shape(inputs)[0]


def _array(length, dtype, shape):
    return tf.TensorArray(dtype, size=length, element_shape=shape)


def _select(mask, new, old):
    return [tf.where(mask, n, o) for n, o in zip(new, old, strict=True)]
