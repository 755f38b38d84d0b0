"""Decoder with two cells, between which attention reads the source."""

import contextlib

import keras
import tensorflow as tf

from rnnzoo.layers.attention import SourceAttention
from rnnzoo.layers.decoder import States
from rnnzoo.layers.recurrent.activations import for_loops
from rnnzoo.layers.recurrent.cell import RecurrentCell
from rnnzoo.layers.recurrent.scan import Recurrence, scan
from rnnzoo.layers.recurrent.xla import under_xla


@keras.saving.register_keras_serializable("rnnzoo")
class ConditionalDecoder(keras.layers.Layer):
    """Two cells that share one state, with attention between them.

        s'_t = cell 1(x_t, s_{t-1})
        c_t  = attention(s'_t, source)
        s_t  = cell 2(c_t, s'_t)
        y_t  = [s_t; c_t]

    (The conditional GRU of Sennrich et al. 2017, Nematus, arXiv 1703.04357, for any
    cell.) Unlike in a `Decoder`, the query depends on the context vector of the step
    before. Every step therefore has to wait for the one before.

    The second cell's input product `c_t W + b` is the sum of the products `h_i W + b`
    of the source, weighted by attention. These are computed once for all steps. (A
    `LayerNormLSTMCell` normalizes each of them instead of their sum.) Training is fast
    under XLA only: compile the model with `jit_compile=True`.

    Args:
        cell: First cell, one of this package; the second is created from its config.
        attention: `BahdanauAttention` or `LuongAttention`.
        **kwargs: `name`, `dtype` (by default that of the cell), `trainable` of
            `keras.layers.Layer`.

    Inputs and outputs are those of a `Decoder` with attention. `states` is a list with
    one list, the states of a cell, and `keys` is the result of `make_keys(source)`.

    Raises:
        TypeError: If `cell` or `attention` has another type.
        ValueError: If the cell uses dropout; in the call, if `states` is not a list of
            one list of the cell's states.

    >>> from rnnzoo.layers import BahdanauAttention, GRUCell
    >>> decoder = ConditionalDecoder(GRUCell(16), BahdanauAttention(16))
    >>> inputs, source = tf.zeros([4, 7, 8]), tf.zeros([4, 5, 32])
    >>> outputs, weights, states = decoder(inputs, [[tf.zeros([4, 16])]], source)
    >>> outputs.shape, weights.shape
    (TensorShape([4, 7, 48]), TensorShape([4, 7, 5]))
    """

    def __init__(self, cell: RecurrentCell, attention: SourceAttention, **kwargs):
        _check(cell, attention)
        super().__init__(**{"dtype": cell.dtype_policy, **kwargs})
        self.first = cell
        twin = {**cell.get_config(), "name": f"{cell.name}_2"}
        self.second = type(cell).from_config(twin)
        self.attention = attention
        # The mask of the target is ignored: its padding comes last.
        self.supports_masking = True

    def build(self, inputs_shape, states_shape, source_shape):
        if not self.first.built:  # It is built when loaded from a file.
            self.first.build((None, inputs_shape[-1]))
        self._build_for(source_shape[-1])

    def _build_for(self, features):
        """Builds the second cell and the attention for the source's features."""
        if not self.second.built:
            self.second.build((None, features))
        if not self.attention.built:
            query = (None, None, self.first.output_size)
            self.attention.build(query, (None, None, features))

    def __call__(self, inputs, states, *args, **kwargs):
        # Checked here, since Keras only warns of errors while it builds the layer.
        expected = [len(keras.tree.flatten(self.first.state_size))]
        lengths = [len(of_layer) for of_layer in states]
        if lengths != expected:
            raise ValueError(
                "`states` must be a list of one list, with as many states as the cell "
                f"has, {expected[0]}; got lists of {lengths}."
            )
        return super().__call__(inputs, states, *args, **kwargs)

    def call(self, inputs, states, source, source_mask=None, keys=None, training=False):
        keys, products = self.make_keys(source) if keys is None else keys
        if source_mask is None:
            source_mask = tf.ones_like(keys[:, :, 0], "bool")
        arguments = inputs, states[0], keys, products, source_mask
        if inputs.shape[1] == 1 and not training:
            outputs, alignment, states = self._one_step(*arguments)
        else:
            outputs, alignment, states = self._all_steps(*arguments, training)
        context = tf.matmul(alignment, source)
        return tf.concat([outputs, context], axis=-1), alignment, [states]

    def step(
        self,
        inputs: tf.Tensor,
        states: States,
        source: tf.Tensor,
        source_mask: tf.Tensor | None = None,
        keys: tuple[tf.Tensor, tf.Tensor] | None = None,
    ) -> tuple[tf.Tensor, tf.Tensor, States]:
        """Runs one step in inference, see `Decoder.step`."""
        # By keyword, since Keras fills in a mask that is `None`.
        outputs, weights, states = self(
            inputs[:, None],
            states,
            source,
            source_mask=source_mask,
            keys=keys,
            training=False,
        )
        return outputs[:, 0], weights[:, 0], states

    def make_keys(self, source: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns the tensors that all steps share, for a source.

        Returns:
            The attention's keys, and the second cell's input products of the source,
            `(batch, source, columns of W)`.
        """
        self._build_for(source.shape[-1])
        # Cast here: outside of a call Keras does not cast weights.
        weights = [tf.cast(weight, source.dtype) for weight in self.second.weights]
        with _substituted(self.second.weights, weights):
            products = self.second.project(source)
        return self.attention.make_keys(source), products

    def _one_step(self, inputs, states, keys, products, mask):
        # A search runs this for every token; a loop would cost more than the step.
        *states, alignment = self._update(
            self.first.project(inputs[:, 0]),
            self.first.project_state(states[0]),
            states,
            keys,
            products,
            mask,
            **self._activations(),
        )
        return states[0][:, None], alignment[:, None], states

    def _all_steps(self, inputs, states, keys, products, mask, training):
        kernel, bias, _ = self.first.recurrent_weights(())
        sequences, last = scan(
            self._recurrence(mask, training),
            tf.transpose(self.first.project(inputs), [1, 0, 2]),
            # `scan` returns sequences of states only: the alignment is one of them.
            [*states, tf.zeros_like(keys[:, :, 0])],
            kernel,
            bias,
            [keys, products, *map(tf.convert_to_tensor, self.weights)],
            training=training,
            sequences=len(states) + 1,
        )
        outputs, alignment = (tf.transpose(sequences[i], [1, 0, 2]) for i in (0, -1))
        return outputs, alignment, last[:-1]

    def _recurrence(self, mask, training):
        # The gradient of a loop reaches its arguments, but no variables it captures.
        variables = self.weights

        def update(a, r, states, keys, products, *values, **activations):
            with _substituted(variables, values):
                return self._update(
                    a, r, states[:-1], keys, products, mask, **activations
                )

        activations = self._activations()
        if training and under_xla():
            activations = {name: for_loops(f) for name, f in activations.items()}
        return Recurrence(update, activations)

    def _activations(self):
        return {**self.first.activations(), "tanh": keras.activations.tanh}

    def _update(self, a, r, states, keys, products, mask, *, tanh, **activations):
        """Returns the states after a step, followed by its attention weights."""
        states = self.first.update(
            a, r, states, *self.first.update_weights(()), **activations
        )
        alignment = self.attention.weigh(states[0], keys, mask, tanh)
        states = self.second.update(
            tf.reduce_sum(alignment[..., None] * products, axis=1),
            self.second.project_state(states[0]),
            states,
            *self.second.update_weights(()),
            **activations,
        )
        return [*states, alignment]

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        layers = {"cell": serialize(self.first), "attention": serialize(self.attention)}
        return {**super().get_config(), **layers}

    @classmethod
    def from_config(cls, config):
        read = keras.saving.deserialize_keras_object
        layers = {name: read(config[name]) for name in ("cell", "attention")}
        return cls(**{**config, **layers})


@contextlib.contextmanager
def _substituted(variables, values):
    """Context in which the variables have other values, in the dtype of these."""
    with keras.StatelessScope() as scope:
        for variable, value in zip(variables, values, strict=True):
            scope.add_update((variable, value))
        yield


def _check(cell, attention):
    if not isinstance(cell, RecurrentCell):
        raise TypeError(
            "`cell` must be a cell of this package, such as `rnnzoo.layers.GRUCell`, "
            f"got {cell!r}."
        )
    if cell.dropout or cell.recurrent_dropout:
        raise ValueError(
            "`cell` must be without `dropout` and `recurrent_dropout`, got "
            f"{cell.dropout} and {cell.recurrent_dropout}."
        )
    if not isinstance(attention, SourceAttention):
        raise TypeError(
            "`attention` must be a BahdanauAttention or a LuongAttention, got "
            f"{attention!r}."
        )
