"""Attention: from states of a decoder to what they need of the source."""

from collections.abc import Callable

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive


class SourceAttention(keras.layers.Layer):
    """What the attentions share: over a layer of Keras, which does what a call does.

    Inputs: `query (batch, steps, units)`; `values (batch, source, features)`; `keys`,
    what `make_keys(values)` gives, so that it can be made once for many queries, made
    here where it is `None`; and `values_mask (batch, source)`, true where the source is
    no padding, by default the mask that comes with the values. Outputs: the context,
    `(batch, steps, features)`, and the weights, `(batch, steps, source)`, which sum up
    to one.
    """

    def call(self, query, values, keys=None, values_mask=None):
        return self.attention(
            [
                self.project(query),
                values,
                self.make_keys(values) if keys is None else keys,
            ],
            mask=[None, values_mask],
            return_attention_scores=True,
        )

    def weigh(
        self, query: tf.Tensor, keys: tf.Tensor, mask: tf.Tensor, tanh: Callable
    ) -> tf.Tensor:
        """The weights for one query, within a loop, where each follows from the last.

        A call leaves these to Keras; `rnnzoo.layers.recurrent.scan` has to hand in the
        activation, whose outputs it keeps.

        Args:
            query: tensor `(batch, units)`.
            keys: what `make_keys` gives.
            mask: bool `(batch, source)`, true where the source is no padding, at one
                step at least.
            tanh: the hyperbolic tangent.

        Returns:
            Tensor `(batch, source)`: the weights that a call gives.
        """
        scores = self.scores_of(self.project(query)[:, None], keys, tanh)
        return tf.nn.softmax(tf.where(mask, scores, scores.dtype.min))

    def scores_of(self, query: tf.Tensor, keys: tf.Tensor, tanh: Callable) -> tf.Tensor:
        """The scores `(batch, source)` of a projected query `(batch, 1, units)`."""
        return tf.reduce_sum(keys * query, axis=-1)

    def make_keys(self, values: tf.Tensor) -> tf.Tensor:
        """What the values `(batch, source, features)` are found by.

        Returns:
            `(batch, source, units)`, whatever size a projected query has.

        Raises:
            ValueError: if that size is not known yet.
        """
        return values

    def project(self, query: tf.Tensor) -> tf.Tensor:
        """Queries `(..., units)` in the space of the keys, of their size."""
        return query

    def compute_mask(self, *inputs, **masks):
        return None


@keras.saving.register_keras_serializable("rnnzoo")
class BahdanauAttention(SourceAttention):
    """Attention by a small network of the query and of each step of the source.

        score(q, h) = v . tanh(W_q q + W_h h + b)
        p = softmax over the source of score(q, h_i)
        c = sum over the source of p_i h_i

    (Bahdanau et al. 2015, arXiv 1409.0473, section 3.1 and appendix A.1.2.)

    Args:
        units: size of `v`.
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
        if not self.key_kernel.built:  # as it is where keys were asked for before
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
    """Attention by a product of the query and of each step of the source.

        score(q, h) = q . h        "dot"
        score(q, h) = q . W h      "general"

    and from there as `BahdanauAttention` (Luong et al. 2015, arXiv 1508.04025, section
    3.1).

    Args:
        score: "dot", for a source of as many features as the query, or "general".
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
                f"The query has {units} units, the source {features} features: for a "
                'product they must be as many. Set `score="general"`.'
            )
        self.attention.build([query_shape, values_shape, query_shape])

    def make_keys(self, values):
        if self.score == "dot":
            return values
        if not self.built:
            raise ValueError(
                "The keys are as large as the queries, whose size is not known yet: "
                "call the layer, or `build(query_shape, values_shape)`, before "
                "`make_keys`."
            )
        # Asked for outside of a call, too, where Keras casts no weights.
        return tf.tensordot(values, tf.cast(self.kernel, values.dtype), 1)

    def get_config(self):
        return {**super().get_config(), "score": self.score}
