"""`Recurrent`: mixin that runs a recurrent layer of Keras by `scan`."""

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

# Number of elements of a kernel that exceeds the cache; measured.
_LARGE = 2**21


class Recurrent:
    """Mixin that runs the cell of a recurrent layer of Keras by `scan`.

    List it before the Keras layer, which provides arguments, states, config and
    masking. The new layer names its cell:

        class LeakyRNN(Recurrent, keras.layers.SimpleRNN):
            cell_class = LeakyCell

    Args:
        *args, **kwargs: Those of the Keras layer, `units` first, and the cell's
            `own_arguments`.

    Input `(batch, time, features)`; output `(batch, units)`, or
    `(batch, time, units)` with `return_sequences`.

    Raises:
        ValueError: If `units` is not a positive integer, or a dropout rate is not in
            [0, 1); in the call, if the input, the mask or a state has the wrong shape.

    In training XLA compiles the loop once for each shape of the batch, so use batches
    of one size and few lengths. For gradients of gradients compile the whole step
    (`tf.function(jit_compile=True)`) or nothing (`layer.supports_jit = False`).
    """

    cell_class = None

    def __init__(self, *args, **kwargs):
        # Skips the constructor of the Keras class, which would create its own cell.
        of_cell, of_layer = checked_arguments(super().__init__, args, kwargs)
        use_cudnn = of_cell.pop("use_cudnn", None)
        for name in _LAYER_ARGUMENTS & of_cell.keys():
            of_layer[name] = of_cell.pop(name)
        own = {"implementation", *self.cell_class.own_arguments}
        for name in own & of_layer.keys():
            of_cell[name] = of_layer.pop(name)
        for name in {"dtype", "trainable"} & of_layer.keys():
            of_cell[name] = of_layer[name]
        name = _snake_case(self.cell_class.__name__)
        cell = self.cell_class(**of_cell, name=name)
        keras.layers.RNN.__init__(self, cell, **of_layer)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        # Keras 3.16 sets it to False, which hides the mask from the layers above.
        self.supports_masking = True
        if use_cudnn is not None:
            self.use_cudnn = checked_use_cudnn(use_cudnn)

    def __call__(self, sequences, *args, **kwargs):
        check_sequences(sequences)
        return super().__call__(sequences, *args, **kwargs)

    def inner_loop(self, sequences, initial_state, mask, training=False):
        """Runs the cell over time; `keras.layers.RNN` calls this hook.

        Args:
            sequences: Tensor `(batch, time, features)`.
            initial_state: List of tensors `(batch, size)`.
            mask: Boolean tensor `(batch, time)`, or `None`.
            training: Whether to apply dropout and prepare gradients; if so, XLA
                compiles the loop once for each shape.

        Returns:
            The last output `(batch, units)`; all outputs `(batch, time, units)`, or
            only the last `(batch, 1, units)` without `return_sequences`; the list of
            last states.
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
            # In a compiled step a compiled function would hide constants from XLA and
            # be compiled again at every step.
            run = self._loop if under_xla() else self._compiled_loop
        return run(inputs, initial_state, mask, masks, activations, bool(training))

    @functools.cached_property
    def _compiled_loop(self):
        """`_loop` under XLA, cached so that a shape is compiled only once."""

        @tf.function(jit_compile=True, reduce_retracing=True)
        def compiled(flags, *arguments):
            return self._loop(*arguments)

        def run(*arguments):
            # A change of one of these attributes must trace a new function.
            flags = self.go_backwards, self.return_sequences, self.zero_output_for_mask
            return compiled(flags, *arguments)

        # Returning `compiled` itself would store it in a SavedModel of the layer.
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
        # A server runs a graph of unknown batch size, mostly on one sequence.
        if training or large or inputs.shape[1] in (None, 1):
            inputs = cell.project(inputs, input_masks)
        else:
            update = _projecting(cell)
        # XLA takes minutes to compile an unrolled backward pass, which is no faster.
        unroll = self.unroll and not training
        outputs, states = scan(
            Recurrence(update, activations, h_masks, mask, unroll),
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
        """Returns last output, all outputs and states; masks outputs as Keras does."""
        shown = None
        if mask is not None and self.zero_output_for_mask:
            shown = mask
        elif mask is not None:
            # Masked steps repeat the last output; before the first one it is zero.
            shown = tf.cumsum(tf.cast(mask, tf.int32), axis=0) > 0
        last = states[0] if shown is None else _zero_unless(shown[-1], states[0])
        if not self.return_sequences:
            return last, last[:, None], states
        if shown is not None:
            outputs = _zero_unless(shown, outputs)
        return last, tf.transpose(outputs, [1, 0, 2]), states

    def _maybe_config_dropout_masks(self, cell, input_sequence, input_state):
        """Does nothing: `inner_loop` draws the masks, and only in training."""

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
    """Returns the `update` of a cell that also projects its input.

    In a plain graph the input product of a step then runs in parallel with the
    recurrent product of the step before.
    """

    def update(x, r, states, *weights, **activations):
        return cell.update(cell.project(x), r, states, *weights, **activations)

    return update


def _snake_case(name):
    """Returns `lstm_cell` for `LSTMCell`, as Keras names cells."""
    return re.sub("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _zero_unless(condition, tensor):
    return tf.where(condition, tensor, tf.zeros_like(tensor))
