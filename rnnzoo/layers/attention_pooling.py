"""Pooling over time by weights that are learned."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("rnnzoo")
class AttentionPooling(keras.layers.Layer):
    """The mean of a sequence, each step weighted by how well it fits a learned query.

        p = softmax over time of x_t . q
        y = sum over time of p_t x_t

    (Yang et al. 2016, "Hierarchical attention networks for document classification",
    section 2.2, without its hidden layer.) A few words can tell all, wherever they
    stand. The query begins as zero: with the plain mean. A sequence without any
    unmasked step gives the plain mean, too.

    Args:
        **kwargs: `name`, `dtype`, `trainable` of `keras.layers.Layer`.

    Input `(batch, time, features)`, mask `(batch, time)` or none; output
    `(batch, features)`.

    >>> AttentionPooling()(tf.constant([[[1.0], [3.0]]])).numpy().tolist()
    [[2.0]]
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, sequences_shape):
        self.query = self.add_weight(
            shape=(sequences_shape[-1],), initializer="zeros", name="query"
        )

    def call(self, sequences, mask=None):
        fit = tf.einsum("btf,f->bt", sequences, self.query)
        if mask is not None:
            fit = tf.where(mask, fit, fit.dtype.min)
        return tf.einsum("bt,btf->bf", tf.nn.softmax(fit), sequences)

    def compute_mask(self, sequences, mask=None):
        return None

    def compute_output_shape(self, sequences_shape):
        return (sequences_shape[0], sequences_shape[2])
