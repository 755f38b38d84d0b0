"""Recurrent decoder with or without attention."""

from collections.abc import Callable, Sequence

import keras
import tensorflow as tf

from rnnzoo.layers.attention import SourceAttention
from rnnzoo.layers.dropout import Dropout

# For each layer the list of its states, (batch, units) each.
States = list[list[tf.Tensor]]


@keras.saving.register_keras_serializable("rnnzoo")
class Decoder(keras.layers.Layer):
    """Stack of recurrent layers over the target so far and over the source.

    With attention, the state of the first layer is the query. The context vector `c_t`
    feeds every layer above it and is part of the output:

        s1_t = layer 1(x_t)             c_t = attention(s1_t, source)
        si_t = layer i([s(i-1)_t; c_t])
        y_t  = [s_t; c_t]               of the last layer

    (The decoder of Wu et al. 2016, arXiv 1609.08144, section 3; with one layer it is
    that of Luong et al. 2015.) No layer waits for the context vector of the step
    before. In training every layer therefore runs once over all steps; `step` runs one
    step with the same weights and result.

    Without attention the source is one vector `c`, which the first layer reads at every
    step (Cho et al. 2014, arXiv 1406.1078): `s1_t = layer 1([x_t; c])`, `y_t = s_t`.

    Args:
        recurrent_layers: Recurrent layers of this package, lowest first, with
            `return_sequences` and `return_state`.
        attention: `BahdanauAttention`, `LuongAttention` or `None`.
        dropout: Fraction of the features dropped in training between the layers.
        **kwargs: `name`, `dtype`, `trainable` of `keras.layers.Layer`.

    Inputs: `inputs (batch, time, features)`; `states`, for each layer the list of its
    states; `source (batch, source, features)`, or `(batch, features)` without
    attention; `source_mask (batch, source)`, by default the Keras mask of the source;
    and `keys`, see `SourceAttention`. Outputs: `(batch, time, units)`, followed by the
    features of the context vector; the attention weights `(batch, time, source)`,
    without attention `(batch, time, 0)`; and the states after the last step.

    Raises:
        TypeError: If `attention` has another type.
        ValueError: If there is no layer, or one that does not read forward or lacks
            `return_sequences` or `return_state`; in the call, if there are not as many
            lists of states as layers.

    >>> from rnnzoo.layers import GRU
    >>> decoder = Decoder([GRU(16, return_sequences=True, return_state=True)])
    >>> inputs, context = tf.zeros([4, 7, 8]), tf.zeros([4, 16])
    >>> outputs, _, states = decoder(inputs, [[context]], context)
    >>> outputs.shape, states[0][0].shape
    (TensorShape([4, 7, 16]), TensorShape([4, 16]))
    """

    def __init__(
        self,
        recurrent_layers: Sequence[keras.layers.Layer],
        attention: SourceAttention | None = None,
        dropout: float = 0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.recurrent_layers = list(recurrent_layers)
        if not self.recurrent_layers:
            raise ValueError("`recurrent_layers` must have at least one layer, got [].")
        for layer in self.recurrent_layers:
            _check_goes_step_by_step(layer)
        if not isinstance(attention, SourceAttention | None):
            raise TypeError(
                "`attention` must be a BahdanauAttention, a LuongAttention or None, "
                f"got {attention!r}."
            )
        self.attention = attention
        self.dropout = Dropout(dropout, dtype=self.dtype_policy)
        # The mask of the target is ignored: its padding comes last.
        self.supports_masking = True

    def __call__(self, inputs, states, *args, **kwargs):
        # Checked here, since Keras only warns of errors while it builds the layer.
        if len(states) != len(self.recurrent_layers):
            raise ValueError(
                "`states` must have a list of states for each of the "
                f"{len(self.recurrent_layers)} recurrent layers, got {len(states)}."
            )
        return super().__call__(inputs, states, *args, **kwargs)

    def call(self, inputs, states, source, source_mask=None, keys=None, training=False):
        def all_steps(layer, sequences, state):
            outputs, *state = layer(sequences, initial_state=state, training=training)
            return outputs, state

        return self._run(inputs, states, source, source_mask, keys, all_steps, training)

    def step(
        self,
        inputs: tf.Tensor,
        states: States,
        source: tf.Tensor,
        source_mask: tf.Tensor | None = None,
        keys: tf.Tensor | None = None,
    ) -> tuple[tf.Tensor, tf.Tensor, States]:
        """Runs one step in inference.

        Args:
            inputs: Tensor `(batch, features)`; the other arguments are those of `call`.

        Returns:
            The results of `call` without the time axis.
        """

        def one_step(layer, sequences, state):
            output, state = layer.cell(sequences[:, 0], state)
            return output[:, None], list(state)

        outputs, weights, states = self._run(
            inputs[:, None], states, source, source_mask, keys, one_step, training=False
        )
        return outputs[:, 0], weights[:, 0], states

    def make_keys(self, source: tf.Tensor) -> tf.Tensor:
        """Returns the attention's keys of a source; the source without attention.

        Args:
            source: `(batch, source, features)`, without attention `(batch, features)`.
        """
        if self.attention is None:
            return source
        if not self.attention.built:
            query = (None, None, self.recurrent_layers[0].cell.output_size)
            self.attention.build(query, source.shape)
        return self.attention.make_keys(source)

    def _run(self, x, states, source, source_mask, keys, run: Callable, training):
        context, weights = None, x[:, :, :0]
        if self.attention is None:
            source = tf.repeat(source[:, None], tf.shape(x)[1], axis=1)
            x = tf.concat([x, source], axis=-1)
        new_states = []
        for layer, state in zip(self.recurrent_layers, states, strict=True):
            x = self.dropout(x, training=training) if new_states else x
            x, state = run(layer, x, state)
            new_states.append(state)
            if self.attention is not None:
                if context is None:
                    context, weights = self.attention(
                        x, source, keys=keys, values_mask=source_mask
                    )
                x = tf.concat([x, context], axis=-1)
        return x, weights, new_states

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "recurrent_layers": [serialize(layer) for layer in self.recurrent_layers],
            "attention": self.attention and serialize(self.attention),
            "dropout": self.dropout.rate,
        }

    @classmethod
    def from_config(cls, config):
        read = keras.saving.deserialize_keras_object
        layers = [read(layer) for layer in config["recurrent_layers"]]
        attention = config["attention"] and read(config["attention"])
        return cls(**{**config, "recurrent_layers": layers, "attention": attention})


def _check_goes_step_by_step(layer):
    if not isinstance(layer, keras.layers.RNN) or layer.go_backwards:
        raise ValueError(
            "`recurrent_layers` must be recurrent layers that read forward, such as "
            f"`rnnzoo.layers.GRU`; got {layer!r}."
        )
    if not (layer.return_sequences and layer.return_state):
        raise ValueError(
            f"Layer {layer.name!r} of `recurrent_layers` must be made with "
            "`return_sequences=True, return_state=True`."
        )
