"""R-Drop: a model that says the same, whatever parts of it are dropped.

Each example goes through the network twice, and what it says the second time should
diverge little from the first (Liang et al. 2021, arXiv 2106.14448).
"""

from typing import Any

import tensorflow as tf


def twice(*batch: Any) -> tuple:
    """Nested tensors with all their rows, and the same rows once more.

    Args:
        *batch: tensors, or dictionaries of some, each `(batch, ...)`; or `None`.

    >>> (rows,) = twice(tf.constant([1, 2]))
    >>> rows.numpy().tolist()
    [1, 2, 1, 2]
    """
    return tf.nest.map_structure(
        lambda rows: None if rows is None else tf.concat([rows, rows], axis=0), batch
    )


def divergence(logits: tf.Tensor, weights: tf.Tensor | None = None) -> tf.Tensor:
    """How much the two halves of a batch that `twice` made diverge.

    The mean of the Kullback-Leibler divergences one way and the other (equation 2).

    Args:
        logits: float `(2 * batch, time, classes)`.
        weights: float `(2 * batch, time)`: 0 for padding; by default there is none.

    Returns:
        A float32 scalar, the weighted mean.

    >>> logits = tf.constant([[[0.0, 1.0]], [[0.0, 1.0]]])
    >>> float(divergence(logits))
    0.0
    """
    logits = tf.cast(logits, tf.float32)
    one, other = tf.split(tf.nn.log_softmax(logits), 2)
    both_ways = tf.reduce_sum((tf.exp(one) - tf.exp(other)) * (one - other), axis=-1)
    weights = tf.ones(tf.shape(logits)[:2]) if weights is None else weights
    weights = tf.cast(tf.split(weights, 2)[0], tf.float32)
    total = tf.reduce_sum(weights * both_ways)
    return tf.math.divide_no_nan(total, 2 * tf.reduce_sum(weights))
