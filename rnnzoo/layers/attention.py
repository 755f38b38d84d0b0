"""Attention of a decoder over the steps of a source."""

from collections.abc import Callable

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive


class SourceAttention(keras.layers.Layer):
    """Base class of the attentions, whose `call` delegates to a layer of Keras.

    Inputs: `query (batch, steps, units)`; `values (batch, source, features)`; `keys`,
    the result of `make_keys(values)`, which is computed here if `None`; and
    `values_mask (batch, source)`, false at padding, by default the Keras mask of the
    values. Outputs: the context vectors `(batch, steps, features)`, and the attention
    weights `(batch, steps, source)`, which sum to one.
    """

    def call(self, query, values, keys=None, values_mask=None):
        keys = self.make_keys(values) if keys is None else keys
        return self.attention(
            [self.project(query), values, keys],
            mask=[None, values_mask],
            return_attention_scores=True,
        )

    def weigh(
        self, query: tf.Tensor, keys: tf.Tensor, mask: tf.Tensor, tanh: Callable
    ) -> tf.Tensor:
        """Returns the attention weights `(batch, source)` of one query inside a loop.

        Args:
            query: Tensor `(batch, units)`.
            keys: Result of `make_keys`.
            mask: Bool `(batch, source)`, false at padding, true at one step at least.
            tanh: Hyperbolic tangent, which `scan` passes to keep its outputs.
        """
        scores = self.scores_of(self.project(query)[:, None], keys, tanh)
        return tf.nn.softmax(tf.where(mask, scores, scores.dtype.min))

    def scores_of(self, query: tf.Tensor, keys: tf.Tensor, tanh: Callable) -> tf.Tensor:
        """Returns scores `(batch, source)` of a projected query `(batch, 1, units)`."""
        return tf.reduce_sum(keys * query, axis=-1)

    def make_keys(self, values: tf.Tensor) -> tf.Tensor:
        """Returns the keys `(batch, source, size of a projected query)` of the values.

        Args:
            values: Tensor `(batch, source, features)`.

        Raises:
            ValueError: If the size of a projected query is not known yet.
        """
        return values

    def project(self, query: tf.Tensor) -> tf.Tensor:
        """Returns queries `(..., units)` projected into the space of the keys."""
        return query

    def compute_mask(self, *inputs, **masks):
        return None


@keras.saving.register_keras_serializable("rnnzoo")
class BahdanauAttention(SourceAttention):
    """Additive attention.

        score(q, h) = v . tanh(W_q q + W_h h + b)
        p = softmax over the source of score(q, h_i)
        c = sum over the source of p_i h_i

    (Bahdanau et al. 2015, arXiv 1409.0473, section 3.1 and appendix A.1.2.)

    Args:
        units: Size of `v`.
        **kwargs: `name`, `dtype`, `trainable` of `keras.layers.Layer`.

    >>> query, values = tf.zeros([2, 5, 3]), tf.zeros([2, 7, 4])
    >>> context, weights = BahdanauAttention(8)(query, values)
    >>> context.shape, weights.shape
    (TensorShape([2, 5, 4]), TensorShape([2, 5, 7]))
    """

    def __init__(self, units: int, **kwargs):
        check_positive(units=units)
        super().__init__(**kwargs)
        self.units = units
        dtype = self.dtype_policy
        self.query_kernel = keras.layers.Dense(units, use_bias=False, dtype=dtype)
        self.key_kernel = keras.layers.Dense(units, dtype=dtype)
        self.attention = keras.layers.AdditiveAttention(dtype=dtype)

    def build(self, query_shape, values_shape):
        keys_shape = (None, None, self.units)
        self.query_kernel.build(query_shape)
        if not self.key_kernel.built:  # `make_keys` may have built it.
            self.key_kernel.build(values_shape)
        self.attention.build([keys_shape, values_shape, keys_shape])

    def make_keys(self, values):
        return self.key_kernel(values)

    def project(self, query):
        return self.query_kernel(query)

    def scores_of(self, query, keys, tanh):
        scale = tf.cast(self.attention.scale, keys.dtype)
        return tf.reduce_sum(scale * tanh(keys + query), axis=-1)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable("rnnzoo")
class LuongAttention(SourceAttention):
    """Multiplicative attention.

        score(q, h) = q . h        "dot"
        score(q, h) = q . W h      "general"

    The rest is as in `BahdanauAttention` (Luong et al. 2015, arXiv 1508.04025, section
    3.1).

    Args:
        score: "dot", for a source with as many features as the query, or "general".
        **kwargs: `name`, `dtype`, `trainable` of `keras.layers.Layer`.

    >>> query, values = tf.zeros([2, 5, 3]), tf.zeros([2, 7, 4])
    >>> context, weights = LuongAttention()(query, values)
    >>> context.shape, weights.shape
    (TensorShape([2, 5, 4]), TensorShape([2, 5, 7]))
    """

    def __init__(self, score: str = "general", **kwargs):
        if score not in ("dot", "general"):
            raise ValueError(f'`score` must be "dot" or "general", got {score!r}.')
        super().__init__(**kwargs)
        self.score = score
        self.attention = keras.layers.Attention(dtype=self.dtype_policy)

    def build(self, query_shape, values_shape):
        units, features = query_shape[-1], values_shape[-1]
        if self.score == "general":
            self.kernel = self.add_weight(shape=(features, units), name="kernel")
        elif units != features:
            raise ValueError(
                '`score="dot"` needs as many units of the query as features of the '
                f'source, got {units} and {features}. Set `score="general"`.'
            )
        self.attention.build([query_shape, values_shape, query_shape])

    def make_keys(self, values):
        if self.score == "dot":
            return values
        if not self.built:
            raise ValueError(
                "`make_keys` needs the size of the queries, which is not known yet: "
                "call the layer, or `build(query_shape, values_shape)`, first."
            )
        # Cast here: outside of a call Keras does not cast weights.
        return tf.tensordot(values, tf.cast(self.kernel, values.dtype), 1)

    def get_config(self):
        return {**super().get_config(), "score": self.score}
