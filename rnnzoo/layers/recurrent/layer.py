"""`Recurrent`: a recurrent layer of Keras whose loop over time is `scan`."""

import functools
import math
import re

import keras
import tensorflow as tf

from rnnzoo.layers.recurrent.activations import for_loops
from rnnzoo.layers.recurrent.argument_checks import (
    check_mask,
    check_sequences,
    check_states,
    checked_arguments,
    checked_use_cudnn,
)
from rnnzoo.layers.recurrent.scan import Recurrence, scan
from rnnzoo.layers.recurrent.xla import under_xla

_LAYER_ARGUMENTS = {
    *("return_sequences", "return_state", "go_backwards", "stateful", "unroll"),
    *("zero_output_for_mask", "activity_regularizer"),
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
    `layer.supports_jit = False`.
    """

    cell_class = None

    def __init__(self, *args, **kwargs):
        # The class of Keras is passed by, since it would make a cell of its own.
        of_cell, of_layer = checked_arguments(super().__init__, args, kwargs)
        use_cudnn = of_cell.pop("use_cudnn", None)
        for name in _LAYER_ARGUMENTS & of_cell.keys():
            of_layer[name] = of_cell.pop(name)
        own = {"implementation", *self.cell_class.own_arguments}
        for name in own & of_layer.keys():
            of_cell[name] = of_layer.pop(name)
        shared = {n: of_layer[n] for n in ("dtype", "trainable") if n in of_layer}
        cell = self.cell_class(
            **of_cell, **shared, name=_snake_case(self.cell_class.__name__)
        )
        keras.layers.RNN.__init__(self, cell, **of_layer)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        # Keras 3.16 says False, and the layers above would not get the mask.
        self.supports_masking = True
        if use_cudnn is not None:
            self.use_cudnn = checked_use_cudnn(use_cudnn)

    def __call__(self, sequences, *args, **kwargs):
        check_sequences(sequences)
        return super().__call__(sequences, *args, **kwargs)

    def inner_loop(self, sequences, initial_state, mask, training=False):
        """Runs the cell over time: the hook that `keras.layers.RNN` calls.

        Args:
            sequences: tensor `(batch, time, features)`.
            initial_state: list of tensors `(batch, size)`.
            mask: boolean tensor `(batch, time)`, or `None`.
            training: whether dropout is on and gradients will be asked for; if so,
                XLA compiles the loop, once for each shape.

        Returns:
            The last output `(batch, units)`; all outputs `(batch, time, units)`, or
            only the last `(batch, 1, units)` without `return_sequences`; the list of
            the last states.
        """
        inputs = tf.cast(sequences, self.compute_dtype)
        initial_state = [tf.convert_to_tensor(state) for state in initial_state]
        mask = mask[0] if isinstance(mask, (list, tuple)) else mask
        check_states(initial_state, inputs, self.state_size)
        check_mask(mask, inputs)
        masks = self.cell.dropout_masks(inputs[:, 0], initial_state[0], training)
        activations = self.cell.activations()
        run = self._loop
        if training and self.supports_jit:
            activations = {name: for_loops(f) for name, f in activations.items()}
            # A compiled function within a compiled step would hide from XLA what is
            # constant there, and be compiled anew at every step.
            run = self._loop if under_xla() else self._compiled_loop
        return run(inputs, initial_state, mask, masks, activations, bool(training))

    @functools.cached_property
    def _compiled_loop(self):
        """`_loop` under XLA. Kept, so that a shape is compiled only once."""

        @tf.function(jit_compile=True, reduce_retracing=True)
        def compiled(flags, *arguments):
            return self._loop(*arguments)

        def run(*arguments):
            # Who changes one of these after a call gets another function.
            flags = self.go_backwards, self.return_sequences, self.zero_output_for_mask
            return compiled(flags, *arguments)

        # Not the function itself, which would be stored in a SavedModel of the layer.
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
        # A graph for any batch is what a server runs, mostly on one sequence.
        if training or large or inputs.shape[1] in (None, 1):
            inputs = cell.project(inputs, input_masks)
        else:
            update = _projecting(cell)
        outputs, states = scan(
            # Unrolled, the way back takes XLA minutes to compile, and is no faster.
            Recurrence(
                update, activations, h_masks, mask, self.unroll and not training
            ),
            inputs,
            initial_state,
            kernel,
            bias,
            cell.update_weights(masks),
            training=training,
            sequences=int(self.return_sequences),
        )
        outputs = outputs[0] if self.return_sequences else None
        return self._masked_outputs(outputs, states, mask)

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
        # Keras' SimpleRNN leaves its seed out.
        names = {"implementation", "seed", *self.cell.own_arguments}
        names &= cell_config.keys()
        return {**config, **{name: cell_config[name] for name in names}}


def _projecting(cell):
    """The `update` of a cell, which multiplies the input itself.

    In a plain graph a step's input product then runs beside the recurrent one of the
    step before it.
    """

    def update(x, r, states, *weights, **activations):
        return cell.update(cell.project(x), r, states, *weights, **activations)

    return update


def _snake_case(name):
    """`LSTMCell` -> `lstm_cell`, as Keras names the cells of its layers."""
    return re.sub("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _zero_unless(condition, tensor):
    return tf.where(condition, tensor, tf.zeros_like(tensor))
