"""`Recurrent`: a recurrent layer of Keras whose loop over time is `scan`."""

import functools
import inspect
import math
import re

import keras
import tensorflow as tf

from rnnzoo.layers.activations import for_loops
from rnnzoo.layers.cell import checked_arguments
from rnnzoo.layers.scan import Recurrence, scan
from rnnzoo.layers.xla import under_xla

_LAYER_ARGUMENTS = {
    *inspect.signature(keras.layers.RNN).parameters,
    *("name", "dtype", "trainable", "autocast", "activity_regularizer"),
}

# Numbers in a kernel that no cache keeps from step to step; measured.
_LARGE = 2**21


class Recurrent:
    """Runs the cell of a recurrent layer of Keras by `scan`.

    It goes before the class of Keras that brings the arguments, the states, the config
    and what is told of masks; the new layer names its cell:

        class LeakyRNN(Recurrent, keras.layers.SimpleRNN):
            cell_class = LeakyCell

    Args:
        *args: those of the class of Keras, `units` first.
        **kwargs: the same by name, and the cell's `own_arguments`.

    Input `(batch, time, features)`; output `(batch, units)`, or
    `(batch, time, units)` with `return_sequences`.

    Raises:
        ValueError: if `units` is not a positive integer, or a dropout rate is not in
            [0, 1); in the call, if the input, the mask or a state has the wrong shape.

    In training XLA compiles the loop, once for each shape of the batch: batches of one
    size and a handful of lengths are best. For gradients of gradients the whole step
    has to be compiled (`tf.function(jit_compile=True)`), or none of it:
    `layer.supports_jit = False` before the first call.
    """

    cell_class = None

    def __init__(self, *args, **kwargs):
        # The class of Keras is passed by, since it would make a cell of its own.
        arguments = checked_arguments(super().__init__, args, kwargs)
        use_cudnn = arguments.pop("use_cudnn", None)
        names = _LAYER_ARGUMENTS & arguments.keys()
        of_layer = {name: arguments.pop(name) for name in names}
        shared = {n: of_layer[n] for n in ("dtype", "trainable") if n in of_layer}
        cell = self.cell_class(
            **arguments, **shared, name=_snake_case(self.cell_class.__name__)
        )
        keras.layers.RNN.__init__(self, cell, **of_layer)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        if use_cudnn is not None:
            self.use_cudnn = _checked_use_cudnn(use_cudnn)

    def call(self, sequences, initial_state=None, mask=None, training=False):
        if sequences.shape[1] == 0:
            raise ValueError(
                "`sequences` must have at least one step, got the shape "
                f"(batch, time, features) = {tuple(sequences.shape)}. Pad what is "
                "empty, and mask the padding."
            )
        return super().call(
            sequences, initial_state=initial_state, mask=mask, training=training
        )

    def inner_loop(self, sequences, initial_state, mask, training=False):
        """Runs the cell over time: the hook that `keras.layers.RNN` calls.

        Args:
            sequences: tensor `(batch, time, features)`.
            initial_state: list of tensors `(batch, size)`.
            mask: boolean tensor `(batch, time)`, or `None`.
            training: whether dropout is on and gradients will be asked for; if so,
                XLA compiles the loop, once for each shape.

        Returns:
            The last output `(batch, units)`, all outputs `(batch, time, units)`
            and the list of the last states.
        """
        inputs = tf.cast(sequences, self.compute_dtype)
        initial_state = [tf.convert_to_tensor(state) for state in initial_state]
        mask = mask[0] if isinstance(mask, (list, tuple)) else mask
        self._check_states(initial_state)
        _check_mask(mask, inputs)
        one_step = tf.ones((tf.shape(inputs)[0], inputs.shape[-1]), inputs.dtype)
        dropout_masks = self.cell.dropout_masks(one_step, initial_state[0], training)
        arguments = inputs, initial_state, mask, dropout_masks
        activations = self.cell.activations()
        if training and self.supports_jit:
            # A compiled function within a compiled step would hide from XLA what is
            # constant there, and be compiled anew at every step.
            if not under_xla():
                return self._compiled_loop(*arguments)
            activations = _for_loops(activations)
        return self._loop(*arguments, activations, bool(training))

    @functools.cached_property
    def _compiled_loop(self):
        """The loop in training. Kept, so that a shape is compiled only once."""
        activations = _for_loops(self.cell.activations())

        @tf.function(jit_compile=True, reduce_retracing=not self.unroll)
        def run(inputs, initial_state, mask, dropout_masks):
            return self._loop(
                inputs, initial_state, mask, dropout_masks, activations, training=True
            )

        return run

    def _loop(self, inputs, initial_state, mask, dropout_masks, activations, training):
        cell = self.cell
        inputs = tf.transpose(inputs, [1, 0, 2])
        if mask is not None:
            mask = tf.transpose(mask)[..., None]
        if self.go_backwards:
            inputs = inputs[::-1]
            mask = None if mask is None else mask[::-1]
        input_masks, masks = dropout_masks
        kernel, bias, h_masks = cell.recurrent_weights(masks)
        update = cell.update
        large = math.prod(cell.kernel.shape) > _LARGE
        if training or large or inputs.shape[1] == 1:
            inputs = cell.project(inputs, input_masks)
        else:
            update = _projecting(cell)
        outputs, states = scan(
            Recurrence(update, activations, h_masks, mask, self.unroll),
            inputs,
            initial_state,
            kernel,
            bias,
            cell.update_weights(masks),
            training=training,
            return_sequences=self.return_sequences,
        )
        return self._masked_outputs(outputs, states, mask)

    def _check_states(self, states):
        shapes = [tuple(state.shape) for state in states]
        if [shape[1:] for shape in shapes] != [(size,) for size in self.state_size]:
            wanted = ", ".join(f"(batch, {size})" for size in self.state_size)
            raise ValueError(
                f"`initial_state` of {self.name} must have the shapes {wanted}; got "
                f"{', '.join(map(str, shapes))}."
            )

    def _masked_outputs(self, outputs, states, mask):
        """Last and all outputs, with what Keras puts out where the mask is false."""
        shown = None
        if mask is not None and self.zero_output_for_mask:
            shown = mask
        elif mask is not None:
            # Before the first unmasked step there is no output to repeat.
            shown = tf.cumsum(tf.cast(mask, tf.int32), axis=0) > 0
        last = states[0] if shown is None else _zero_unless(shown[-1], states[0])
        if not self.return_sequences:
            return last, last[:, None], states
        if shown is not None:
            outputs = _zero_unless(shown, outputs)
        return last, tf.transpose(outputs, [1, 0, 2]), states

    def _maybe_config_dropout_masks(self, cell, input_sequence, input_state):
        """Keras draws the masks here, at inference too; `inner_loop` in training."""

    def get_config(self):
        config = super().get_config()
        if hasattr(self, "use_cudnn"):
            config["use_cudnn"] = self.use_cudnn
        cell_config = self.cell.get_config()
        names = {"implementation", *self.cell.own_arguments} & cell_config.keys()
        return {**config, **{name: cell_config[name] for name in names}}


def _checked_use_cudnn(value):
    if value not in ("auto", True, False):
        raise ValueError(f"`use_cudnn` must be 'auto', True or False, got {value!r}.")
    return value


def _projecting(cell):
    """The `update` of a cell, which multiplies the input itself.

    In a plain graph a step's input product then runs beside the recurrent one of the
    step before it.
    """

    def update(x, r, states, *weights, **activations):
        return cell.update(cell.project(x), r, states, *weights, **activations)

    return update


def _for_loops(activations):
    return {name: for_loops(f) for name, f in activations.items()}


def _check_mask(mask, inputs):
    if mask is None:
        return
    expected = inputs.shape[:2]
    if mask.dtype != tf.bool or not expected.is_compatible_with(mask.shape):
        raise ValueError(
            f"`mask` must be boolean, of shape (batch, time) = {tuple(expected)}; got "
            f"{tf.as_dtype(mask.dtype).name} of shape {tuple(mask.shape)}. "
            'A mask of numbers becomes one by `keras.ops.cast(mask, "bool")`.'
        )


def _snake_case(name):
    """`LSTMCell` -> `lstm_cell`, as Keras names the cells of its layers."""
    return re.sub("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _zero_unless(condition, tensor):
    return tf.where(condition, tensor, tf.zeros_like(tensor))
