"""`x U` where dropout has a mask of `x` for each block of columns of `U`."""

from collections.abc import Sequence

import tensorflow as tf

Masks = Sequence[tf.Tensor]  # `(batch, features)`: none, one, or one for each block


def masked_product(x: tf.Tensor, matrix: tf.Tensor, masks: Masks = ()) -> tf.Tensor:
    """`(x * mask_k) U_k` for every block `k`, side by side.

    Args:
        x: tensor `(..., batch, features)`.
        matrix: `U`, tensor `(features, columns)`.
        masks: tensors `(batch, features)`; as many as there are blocks of equal width.

    Returns:
        Tensor `(..., batch, columns)`.

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
    """Gradient of `x`, from that of the product, `(batch, columns)`, and `U^T`."""
    if not masks:
        return tf.matmul(d, transposed)
    ds, blocks = tf.split(d, len(masks), axis=1), tf.split(transposed, len(masks))
    return tf.add_n(
        [m * tf.matmul(dk, u) for m, dk, u in zip(masks, ds, blocks, strict=True)]
    )


def gradient_of_matrix(x: tf.Tensor, d: tf.Tensor, masks: Masks = ()) -> tf.Tensor:
    """Gradient of `U`, from `x` and the gradient of the product, over all steps."""
    blocks = tf.split(d, len(masks), axis=-1) if masks else [d]
    xs = [x * mask for mask in masks] or [x]
    sums = [
        tf.tensordot(x_k, d_k, axes=[[0, 1], [0, 1]])
        for x_k, d_k in zip(xs, blocks, strict=True)
    ]
    return tf.concat(sums, axis=1)


def _product(x, matrix):
    return tf.tensordot(x, matrix, 1) if x.shape.rank > 2 else tf.matmul(x, matrix)
