"""Pooling over time with learned weights."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("rnnzoo")
class AttentionPooling(keras.layers.Layer):
    """Mean of a sequence, each step weighted by its product with a learned query.

        p = softmax over time of x_t . q
        y = sum over time of p_t x_t

    (Yang et al. 2016, "Hierarchical attention networks for document classification",
    section 2.2, without its hidden layer.) The query starts at zero, which gives the
    plain mean, as does a sequence whose steps are all masked.

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
        self.query = self.add_weight((sequences_shape[-1],), "zeros", name="query")

    def call(self, sequences, mask=None):
        scores = tf.einsum("btf,f->bt", sequences, self.query)
        if mask is not None:
            scores = tf.where(mask, scores, scores.dtype.min)
        return tf.einsum("bt,btf->bf", tf.nn.softmax(scores), sequences)

    def compute_mask(self, sequences, mask=None):
        return None

    def compute_output_shape(self, sequences_shape):
        return (sequences_shape[0], sequences_shape[2])
