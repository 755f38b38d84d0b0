"""Cross-entropy of integer labels with label smoothing."""

import keras
import tensorflow as tf

from rnnzoo.checks import check_rates


@keras.saving.register_keras_serializable("rnnzoo")
class SmoothedCrossentropy(keras.losses.Loss):
    """`keras.losses.SparseCategoricalCrossentropy` of logits, with label smoothing.

        loss = -(1 - e) log p(label) - e mean over the classes of log p

    (Szegedy et al. 2016, arXiv 1512.00567, section 7.) Keras smooths one-hot labels
    only, which for a vocabulary take as much memory as the logits.

    Args:
        label_smoothing: `e`, in [0, 1).
        **kwargs: `reduction`, `name`, `dtype` of `keras.losses.Loss`.

    Labels are integers of any shape; logits have that shape and the classes as last
    dimension. The loss of a label out of range is NaN.

    >>> loss = SmoothedCrossentropy(0.1)
    >>> round(float(loss(tf.constant([0]), tf.zeros([1, 4]))), 4)  # log 4
    1.3863
    """

    def __init__(self, label_smoothing: float = 0.0, **kwargs):
        check_rates(label_smoothing=label_smoothing)
        super().__init__(**kwargs)
        self.label_smoothing = label_smoothing

    def call(self, labels, logits):
        labels = tf.cast(labels, tf.int32)
        total = tf.reduce_logsumexp(logits, axis=-1)
        # Unlike `gather`, this and its gradient are one pass under XLA.
        is_label = tf.range(logits.shape[-1]) == labels[..., None]
        of_label = tf.reduce_sum(tf.where(is_label, logits, 0), axis=-1)
        # NaN for a label out of range, as in TensorFlow.
        is_class = (labels >= 0) & (labels < logits.shape[-1])
        loss = total - tf.where(is_class, of_label, float("nan"))
        if self.label_smoothing:
            uniform = total - tf.reduce_mean(logits, axis=-1)
            loss += self.label_smoothing * (uniform - loss)
        return loss

    def get_config(self):
        return {**super().get_config(), "label_smoothing": self.label_smoothing}
