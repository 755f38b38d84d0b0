"""Recurrent layers that write a sequence, and look at another one for it."""

from collections.abc import Callable, Sequence

import keras
import tensorflow as tf

from rnnzoo.layers.attention import SourceAttention
from rnnzoo.layers.dropout import Dropout

# For each layer the list of its states, (batch, units) each.
States = list[list[tf.Tensor]]


@keras.saving.register_keras_serializable("rnnzoo")
class Decoder(keras.layers.Layer):
    """Recurrent layers over what was written so far, and over the source.

    With attention, the first layer's state asks the source, and what it finds, the
    context `c_t`, goes into each layer above and stands beside the output:

        s1_t = layer 1(x_t)             c_t = attention(s1_t, source)
        si_t = layer i([s(i-1)_t; c_t])
        y_t  = [s_t; c_t]               of the last layer

    (The decoder of Wu et al. 2016, arXiv 1609.08144, section 3; with one layer it is
    that of Luong et al. 2015.) No layer waits for the context of the step before, so
    that in training every layer runs once over all steps; `step` goes one step, with
    the same weights, and gives the same.

    Without attention the source is one vector `c`, which the first layer reads at every
    step (Cho et al. 2014, arXiv 1406.1078): `s1_t = layer 1([x_t; c])`, `y_t = s_t`.

    Args:
        recurrent_layers: recurrent layers of this package, from the lowest to the
            highest, with `return_sequences` and `return_state`.
        attention: a `BahdanauAttention` or a `LuongAttention`, or `None`.
        dropout: fraction dropped in training between the layers.
        **kwargs: `name`, `dtype`, `trainable` of `keras.layers.Layer`.

    Inputs: `inputs (batch, time, features)`; `states`, for each layer the list of its
    states; `source (batch, source, features)`, or `(batch, features)` without
    attention; `source_mask (batch, source)`, by default that of the source; and `keys`,
    see `SourceAttention`. Outputs: `(batch, time, units)`, the context's features
    behind them; the weights of the attention, `(batch, time, source)`, without it
    `(batch, time, 0)`; and the states after the last step.

    Raises:
        TypeError: if `attention` is something else.
        ValueError: if there is no layer, or one that cannot go step by step or does not
            return what is needed; in the call, if there are not as many states as
            layers.

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
            raise ValueError(
                "`recurrent_layers` must have one layer at least, got none."
            )
        for layer in self.recurrent_layers:
            _check_goes_step_by_step(layer)
        if not isinstance(attention, SourceAttention | None):
            raise TypeError(
                "`attention` must be a BahdanauAttention, a LuongAttention or None, "
                f"got {attention!r}."
            )
        self.attention = attention
        self.dropout = Dropout(dropout, dtype=self.dtype_policy)
        # Padding of what is written comes last, where it can do no harm.
        self.supports_masking = True

    def __call__(self, inputs, states, *args, **kwargs):
        # Before Keras tries the call to build the layer, and warns of what fails there.
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

        found = inputs, states, source, source_mask, keys
        return self._write(*found, run=all_steps, training=training)

    def step(
        self,
        inputs: tf.Tensor,
        states: States,
        source: tf.Tensor,
        source_mask: tf.Tensor | None = None,
        keys: tf.Tensor | None = None,
    ) -> tuple[tf.Tensor, tf.Tensor, States]:
        """One step of the same, in inference.

        Args:
            inputs: `(batch, features)`; the other arguments are those of the call.

        Returns:
            What the call does, without the axis of time.
        """

        def one_step(layer, sequences, state):
            output, state = layer.cell(sequences[:, 0], state)
            return output[:, None], list(state)

        found = inputs[:, None], states, source, source_mask, keys
        outputs, weights, states = self._write(*found, run=one_step, training=False)
        return outputs[:, 0], weights[:, 0], states

    def make_keys(self, source: tf.Tensor) -> tf.Tensor:
        """What attention finds the source by, for many steps; without, the source.

        Args:
            source: `(batch, source, features)`, without attention `(batch, features)`.

        Returns:
            See `SourceAttention.make_keys`.
        """
        if self.attention is None:
            return source
        if not self.attention.built:
            query = (None, None, self.recurrent_layers[0].cell.output_size)
            self.attention.build(query, source.shape)
        return self.attention.make_keys(source)

    def _write(self, x, states, source, source_mask, keys, run: Callable, training):
        context, weights = None, x[:, :, :0]
        if self.attention is None:
            x = _beside(x, tf.repeat(source[:, None], tf.shape(x)[1], axis=1))
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
                x = _beside(x, context)
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
        made = {
            "recurrent_layers": [read(each) for each in config["recurrent_layers"]],
            "attention": config["attention"] and read(config["attention"]),
        }
        return cls(**{**config, **made})


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


def _beside(*tensors):
    return tf.concat(tensors, axis=-1)
