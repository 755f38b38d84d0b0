"""`Recurrent`: a cell run over time, as a Keras layer."""

import keras
import tensorflow as tf

from rnnzoo.layers.scan import Recurrence, scan

_LAYER_ARGUMENTS = ("name", "dtype", "trainable", "activity_regularizer")


class Recurrent(keras.layers.RNN):
    """Base of the recurrent layers: `keras.layers.RNN` whose loop is `scan`.

    A subclass names its `cell_class`. Masking, states, `stateful`,
    `return_state`, `go_backwards` and `Bidirectional` are those of Keras.

    Args:
        *cell_args: positional arguments of the cell, `units` first.
        return_sequences: whether the outputs of all steps are returned,
            `(batch, time, units)`, or the last alone, `(batch, units)`.
        return_state: whether the last states are returned after the output.
        go_backwards: whether the input is read from its end; the outputs then
            come in reversed order too.
        stateful: whether the last states of a batch are the first of the next;
            needs a fixed batch size.
        unroll: whether the loop is written out in the graph; needs a fixed
            number of steps.
        zero_output_for_mask: whether the output of a masked step is zero;
            otherwise that of the step before is repeated.
        **kwargs: `name`, `dtype`, `trainable`, `activity_regularizer` of the
            layer; all others are arguments of the cell.
    """

    cell_class = None

    def __init__(
        self,
        *cell_args,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        **kwargs,
    ):
        layer_kwargs = {k: kwargs.pop(k) for k in _LAYER_ARGUMENTS if k in kwargs}
        cell = self.cell_class(
            *cell_args, dtype=layer_kwargs.get("dtype"), name="cell", **kwargs
        )
        super().__init__(
            cell,
            return_sequences=return_sequences,
            return_state=return_state,
            go_backwards=go_backwards,
            stateful=stateful,
            unroll=unroll,
            zero_output_for_mask=zero_output_for_mask,
            **layer_kwargs,
        )
        self.input_spec = keras.layers.InputSpec(ndim=3)

    @property
    def units(self) -> int:
        """Size of the output."""
        return self.cell.units

    def inner_loop(self, sequences, initial_state, mask, training=False):
        """Runs the cell over time: the hook that `keras.layers.RNN` calls.

        Args:
            sequences: tensor `(batch, time, features)`.
            initial_state: list of tensors `(batch, units)`.
            mask: boolean tensor `(batch, time)`, or `None`.
            training: whether dropout is on and gradients will be asked for.

        Returns:
            The last output `(batch, units)`, all outputs `(batch, time, units)`
            and the list of the last states.
        """
        cell = self.cell
        inputs = tf.transpose(sequences, [1, 0, 2])
        mask = _time_major(mask)
        if self.go_backwards:
            inputs = inputs[::-1]
            mask = None if mask is None else mask[::-1]
        input_mask = cell.dropout_mask(sequences[:, 0], cell.dropout, training)
        if input_mask is not None:
            inputs = inputs * input_mask
        kernel, bias = cell.recurrent_weights()
        h_mask = cell.dropout_mask(initial_state[0], cell.recurrent_dropout, training)
        outputs, states = scan(
            Recurrence(cell.update, h_mask, self.unroll),
            cell.project(inputs),
            initial_state,
            kernel,
            bias,
            cell.update_weights(),
            mask,
            training=bool(training),
            return_sequences=self.return_sequences,
        )
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

    def get_config(self):
        config = super().get_config()
        own = {"name", "dtype", "trainable", "cell"}
        cell_config = {k: v for k, v in self.cell.get_config().items() if k not in own}
        del config["cell"]
        regularizer = keras.regularizers.serialize(self.activity_regularizer)
        return {**cell_config, **config, "activity_regularizer": regularizer}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def _time_major(mask):
    """`(batch, time)` or a list that begins with it -> `(time, batch, 1)`, boolean."""
    mask = mask[0] if isinstance(mask, (list, tuple)) else mask
    if mask is None:
        return None
    return tf.transpose(tf.cast(mask, tf.bool))[..., None]


def _zero_unless(condition, tensor):
    return tf.where(condition, tensor, tf.zeros_like(tensor))
