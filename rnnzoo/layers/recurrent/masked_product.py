"""Product `x U` with a dropout mask of `x` for each block of columns of `U`."""

from collections.abc import Sequence

import tensorflow as tf

Masks = Sequence[tf.Tensor]  # `(batch, features)`: none, one, or one for each block


def masked_product(x: tf.Tensor, matrix: tf.Tensor, masks: Masks = ()) -> tf.Tensor:
    """Returns `(x * mask_k) U_k` for every block `k`, tensor `(..., batch, columns)`.

    Args:
        x: Tensor `(..., batch, features)`.
        matrix: `U`, tensor `(features, columns)`.
        masks: Tensors `(batch, features)`, one for each block of columns, all blocks
            of the same width.

    >>> eye, masks = tf.eye(2), [tf.constant([[0.0, 1.0]]), tf.constant([[2.0, 0.0]])]
    >>> masked_product(tf.constant([[3.0, 4.0]]), tf.concat([eye, eye], 1), masks)
    <tf.Tensor: shape=(1, 4), dtype=float32, numpy=array([[0., 4., 6., 0.]]...
    """
    if not masks:
        return _product(x, matrix)
    blocks = tf.split(matrix, len(masks), axis=1)
    products = [_product(x * m, u) for m, u in zip(masks, blocks, strict=True)]
    return tf.concat(products, axis=-1)


def gradient_of_x(d: tf.Tensor, transposed: tf.Tensor, masks: Masks = ()) -> tf.Tensor:
    """Returns the gradient of `x` from that of the product, `(batch, columns)`."""
    if not masks:
        return tf.matmul(d, transposed)
    ds, blocks = tf.split(d, len(masks), axis=1), tf.split(transposed, len(masks))
    parts = zip(masks, ds, blocks, strict=True)
    return tf.add_n([mask * tf.matmul(d_k, u_k) for mask, d_k, u_k in parts])


def gradient_of_matrix(x: tf.Tensor, d: tf.Tensor, masks: Masks = ()) -> tf.Tensor:
    """Returns the gradient of `U` from that of the product, over all steps."""
    blocks = tf.split(d, len(masks), axis=-1) if masks else [d]
    xs = [x * mask for mask in masks] or [x]
    pairs, axes = zip(xs, blocks, strict=True), [[0, 1], [0, 1]]
    return tf.concat([tf.tensordot(x_k, d_k, axes) for x_k, d_k in pairs], axis=1)


def _product(x, matrix):
    return tf.tensordot(x, matrix, 1) if x.shape.rank > 2 else tf.matmul(x, matrix)
