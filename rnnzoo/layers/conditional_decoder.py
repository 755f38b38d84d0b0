"""A decoder whose two cells go on from each other's states."""

import keras
import tensorflow as tf

from rnnzoo.layers.activations import for_loops
from rnnzoo.layers.attention import SourceAttention
from rnnzoo.layers.cell import RecurrentCell
from rnnzoo.layers.decoder import States
from rnnzoo.layers.scan import Recurrence, scan


@keras.saving.register_keras_serializable("rnnzoo")
class ConditionalDecoder(keras.layers.Layer):
    """Two cells with attention between them, and one state that goes through both.

        s'_t = cell 1(x_t, s_{t-1})
        c_t  = attention(s'_t, source)
        s_t  = cell 2(c_t, s'_t)
        y_t  = [s_t; c_t]

    (The conditional GRU of Sennrich et al. 2017, arXiv 1703.04357, section 4, for any
    cell.) What is asked of the source thus depends on what was read of it before, which
    in a `Decoder` it does not; for this every step has to wait for the one before.

    What the second cell makes of a context is the sum, by the attention's weights, of
    what it makes of each step of the source, `h_i W + b`. These products stand behind
    the attention's keys, made once for all steps.

    Args:
        cell: a cell of this package, the first; the second is made like it.
        attention: a `BahdanauAttention` or a `LuongAttention`.
        **kwargs: `name`, `dtype`, `trainable` of `keras.layers.Layer`.

    Inputs and outputs as those of a `Decoder` with attention and one layer, and so is
    `step`.

    Raises:
        TypeError: if `cell` or `attention` is something else.
        ValueError: if the cell drops some of its inputs or of its state; in the call,
            if there are not the states of one layer.

    >>> from rnnzoo.layers import BahdanauAttention, GRUCell
    >>> decoder = ConditionalDecoder(GRUCell(16), BahdanauAttention(16))
    >>> inputs, source = tf.zeros([4, 7, 8]), tf.zeros([4, 5, 32])
    >>> outputs, weights, states = decoder(inputs, [[tf.zeros([4, 16])]], source)
    >>> outputs.shape, weights.shape
    (TensorShape([4, 7, 48]), TensorShape([4, 7, 5]))
    """

    def __init__(self, cell: RecurrentCell, attention: SourceAttention, **kwargs):
        _check(cell, attention)
        super().__init__(**kwargs)
        self.first = cell
        self.second = type(cell).from_config(cell.get_config())
        self.attention = attention
        # Padding of what is written comes last, where it can do no harm.
        self.supports_masking = True

    def build(self, inputs_shape, states_shape, source_shape, **more):
        read = source_shape[-1]
        shapes = {
            self.first: [(None, inputs_shape[-1])],
            self.second: [(None, read)],
            self.attention: [(None, None, self.first.output_size), (None, None, read)],
        }
        for layer, of_layer in shapes.items():
            if not layer.built:  # as they are when read from a file
                layer.build(*of_layer)

    def __call__(self, inputs, states, *args, **kwargs):
        # Before Keras tries the call to build the layer, and warns of what fails there.
        if len(states) != 1:
            raise ValueError(
                f"`states` must have a list of the states of one layer, got "
                f"{len(states)}."
            )
        return super().__call__(inputs, states, *args, **kwargs)

    def call(self, inputs, states, source, source_mask=None, keys=None, training=False):
        keys, products = self._split(self.make_keys(source) if keys is None else keys)
        mask = (
            tf.ones_like(keys[:, :, 0], "bool") if source_mask is None else source_mask
        )
        # The gradient of a loop reaches what it is handed, which variables are not.
        weights = [
            *self.first.weights,
            *self.second.weights,
            *self.attention.weights,
        ]

        def update(a, r, states, keys, products, *values, **activations):
            known = list(zip(weights, values, strict=True))
            with keras.StatelessScope(state_mapping=known):
                return self._update(
                    a, r, states[:-1], keys, products, mask, **activations
                )

        activations = {**self.first.activations(), "tanh": keras.activations.tanh}
        if training:
            activations = {name: for_loops(f) for name, f in activations.items()}
        kernel, bias, _ = self.first.recurrent_weights(())
        stacked, last = scan(
            # One step needs no loop.
            Recurrence(update, activations, unroll=inputs.shape[1] == 1),
            tf.transpose(self.first.project(inputs), [1, 0, 2]),
            [*states[0], tf.zeros_like(keys[:, :, 0])],
            kernel,
            bias,
            [keys, products, *map(tf.convert_to_tensor, weights)],
            training=training,
            sequences=len(states[0]) + 1,
        )
        outputs, looked = (tf.transpose(stacked[i], [1, 0, 2]) for i in (0, -1))
        context = tf.matmul(looked, source)
        return tf.concat([outputs, context], axis=-1), looked, [last[:-1]]

    def step(
        self,
        inputs: tf.Tensor,
        states: States,
        source: tf.Tensor,
        source_mask: tf.Tensor | None = None,
        keys: tf.Tensor | None = None,
    ) -> tuple[tf.Tensor, tf.Tensor, States]:
        """One step of the same, in inference, see `Decoder`."""
        outputs, weights, states = self(
            inputs[:, None], states, source, source_mask=source_mask, keys=keys
        )
        return outputs[:, 0], weights[:, 0], states

    def make_keys(self, source: tf.Tensor) -> tf.Tensor:
        """What attention finds the source by, and what the second cell makes of it."""
        return tf.concat(
            [self.attention.make_keys(source), self.second.project(source)], axis=-1
        )

    def _split(self, keys):
        columns = self.second.kernel.shape[-1]
        return keys[..., :-columns], keys[..., -columns:]

    def _update(self, a, r, states, keys, products, mask, *, tanh, **activations):
        """The states after a step, and the weights of its attention."""
        weights = self.first.update_weights(())
        states = self.first.update(a, r, states, *weights, **activations)
        looked = self.attention.weigh(states[0], keys, mask, tanh)
        states = self.second.update(
            tf.reduce_sum(looked[..., None] * products, axis=1),
            self.second.project_state(states[0]),
            states,
            *self.second.update_weights(()),
            **activations,
        )
        return [*states, looked]

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "cell": serialize(self.first),
            "attention": serialize(self.attention),
        }

    @classmethod
    def from_config(cls, config):
        read = keras.saving.deserialize_keras_object
        made = {name: read(config[name]) for name in ("cell", "attention")}
        return cls(**{**config, **made})


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
