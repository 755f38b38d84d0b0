"""Mean and maximum pooling over time."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("rnnzoo")
class MeanMaxPooling(keras.layers.Layer):
    """Mean and maximum of a sequence over its unmasked steps, concatenated.

    Every step then has a short path to the output, which trains faster and to a better
    score than the last state alone (Johnson & Zhang 2016, "Supervised and
    semi-supervised text categorization using LSTM for region embeddings", pool over all
    states of an LSTM). A sequence whose steps are all masked gives zeros.

    Input `(batch, time, features)`, mask `(batch, time)` or none; output
    `(batch, 2 * features)`.

    >>> MeanMaxPooling()(tf.constant([[[1.0], [3.0]]])).numpy().tolist()
    [[2.0, 3.0]]
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, sequences, mask=None):
        if mask is None:
            mean = tf.reduce_mean(sequences, axis=1)
            return tf.concat([mean, tf.reduce_max(sequences, axis=1)], axis=-1)
        mask = mask[..., None]
        steps = tf.reduce_sum(tf.cast(mask, sequences.dtype), axis=1)
        total = tf.reduce_sum(tf.where(mask, sequences, 0), axis=1)
        highest = tf.reduce_max(tf.where(mask, sequences, sequences.dtype.min), axis=1)
        highest = tf.where(steps > 0, highest, 0)
        return tf.concat([total / tf.maximum(steps, 1), highest], axis=-1)

    def compute_mask(self, sequences, mask=None):
        return None

    def compute_output_shape(self, sequences_shape):
        return (sequences_shape[0], 2 * sequences_shape[2])
