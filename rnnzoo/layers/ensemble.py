"""Several classifiers that answer together."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("rnnzoo")
class Ensemble(keras.layers.Layer):
    """The mean of several classifiers' log-probabilities; each learns to answer alone.

    With p_k the probabilities of the k-th of K classifiers:

        y = (log p_1 + ... + log p_K) / K

    Taken as logits, y has the mean of the classifiers' cross-entropies, less their
    ambiguity A = -log sum_c exp(y_c), which tells how far they differ (Krogh &
    Vedelsby 1995, "Neural network ensembles, cross validation, and active
    learning"). A is added to the losses in training, so that what is left is that
    mean: none of them leans on another's answer, and the errors stay their own.

    Input: list of tensors of logits `(batch, classes)`; output `(batch, classes)`.

    >>> Ensemble()([tf.constant([[0.0, 3.0]]), tf.constant([[0.0, 1.0]])]).shape
    TensorShape([1, 2])
    """

    def call(self, logits, training=False):
        each = tf.nn.log_softmax(tf.stack(logits))
        together = tf.reduce_mean(each, axis=0)
        if training:
            ambiguity = -tf.reduce_mean(tf.reduce_logsumexp(together, axis=-1))
            # Keras adds up losses in this type, whatever the layers' own.
            self.add_loss(tf.cast(ambiguity, keras.config.floatx()))
        return together

    def compute_output_shape(self, logits_shapes):
        return logits_shapes[0]
