"""A decoder whose two cells go on from each other's states."""

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
    """Two cells with attention between them, and one state that goes through both.

        s'_t = cell 1(x_t, s_{t-1})
        c_t  = attention(s'_t, source)
        s_t  = cell 2(c_t, s'_t)
        y_t  = [s_t; c_t]

    (The conditional GRU of Sennrich et al. 2017, Nematus, arXiv 1703.04357, for any
    cell.) What is asked of the source thus depends on what was read of it before, which
    in a `Decoder` it does not; for this every step has to wait for the one before.

    What the second cell makes of a context, `c_t W + b`, is the sum, by the attention's
    weights, of what it makes of each step of the source, `h_i W + b`. These products
    are made once for all steps. (A `LayerNormLSTMCell` normalises each of them, and not
    their sum.) In training each step is quick under XLA alone: compile the model with
    `jit_compile=True`.

    Args:
        cell: a cell of this package, the first; the second is made like it.
        attention: a `BahdanauAttention` or a `LuongAttention`.
        **kwargs: `name`, `dtype` (by default that of the cell), `trainable` of
            `keras.layers.Layer`.

    Inputs: `inputs (batch, time, features)`; `states`, a list of one list, the states
    of a cell; `source (batch, source, features)`; `source_mask (batch, source)`, by
    default that of the source; and `keys`, what `make_keys(source)` gives, so that it
    can be made once for many steps. Outputs: `(batch, time, units)`, the context's
    features behind them; the weights of the attention, `(batch, time, source)`; and the
    states after the last step.

    Raises:
        TypeError: if `cell` or `attention` is something else.
        ValueError: if the cell drops some of its inputs or of its state; in the call,
            if `states` is not one list, with as many as a cell has.

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
        # Padding of what is written comes last, where it can do no harm.
        self.supports_masking = True

    def build(self, inputs_shape, states_shape, source_shape):
        if not self.first.built:  # as it is when read from a file
            self.first.build((None, inputs_shape[-1]))
        self._build_for(source_shape[-1])

    def _build_for(self, features):
        """What reads a source of so many features."""
        if not self.second.built:
            self.second.build((None, features))
        if not self.attention.built:
            query = (None, None, self.first.output_size)
            self.attention.build(query, (None, None, features))

    def __call__(self, inputs, states, *args, **kwargs):
        # Before Keras tries the call to build the layer, and warns of what fails there.
        expected = [len(keras.tree.flatten(self.first.state_size))]
        if [len(of_layer) for of_layer in states] != expected:
            raise ValueError(
                "`states` must be a list of one list, with as many states as the cell "
                f"has, {expected[0]}; got lists of {[len(each) for each in states]}."
            )
        return super().__call__(inputs, states, *args, **kwargs)

    def call(self, inputs, states, source, source_mask=None, keys=None, training=False):
        keys, products = self.make_keys(source) if keys is None else keys
        if source_mask is None:
            source_mask = tf.ones_like(keys[:, :, 0], "bool")
        given = inputs, states[0], keys, products, source_mask
        is_one = inputs.shape[1] == 1 and not training
        found = self._one_step(*given) if is_one else self._all_steps(*given, training)
        outputs, alignment, states = found
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
        """One step of the same, in inference.

        Args:
            inputs: `(batch, features)`; the other arguments are those of the call.

        Returns:
            What the call does, without the axis of time.
        """
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
        """What is made of the source once, for all steps.

        Returns:
            The attention's keys, and what the second cell makes of each step of the
            source, `(batch, source, columns of W)`.
        """
        self._build_for(source.shape[-1])
        # Asked for outside of a call, too, where Keras casts no weights.
        weights = [tf.cast(weight, source.dtype) for weight in self.second.weights]
        with _read_as(self.second.weights, weights):
            products = self.second.project(source)
        return self.attention.make_keys(source), products

    def _one_step(self, inputs, states, keys, products, mask):
        # A search comes here at every token: a loop would take longer than the step.
        *states, alignment = self._update(
            self.first.project(inputs[:, 0]),
            self.first.project_state(states[0]),
            states,
            *(keys, products, mask),
            **self._activations(),
        )
        return states[0][:, None], alignment[:, None], states

    def _all_steps(self, inputs, states, keys, products, mask, training):
        kernel, bias, _ = self.first.recurrent_weights(())
        sequences, last = scan(
            self._recurrence(mask, training),
            tf.transpose(self.first.project(inputs), [1, 0, 2]),
            # The attention's weights are carried like states, so as to be put out.
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
        # The gradient of a loop reaches what it is handed, which variables are not.
        variables = self.weights

        def update(a, r, states, keys, products, *values, **activations):
            with _read_as(variables, values):
                step = a, r, states[:-1], keys, products, mask
                return self._update(*step, **activations)

        activations = self._activations()
        if training and under_xla():
            activations = {name: for_loops(f) for name, f in activations.items()}
        return Recurrence(update, activations)

    def _activations(self):
        return {**self.first.activations(), "tanh": keras.activations.tanh}

    def _update(self, a, r, states, keys, products, mask, *, tanh, **activations):
        """The states after a step, and the weights of its attention."""
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


@contextlib.contextmanager
def _read_as(variables, values):
    """Within, the variables are what they are said to be, in the dtype of that."""
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
