"""Word counts times a matrix."""

import numpy as np
import tensorflow as tf

from rnnzoo.layers import BagOfWords


def test_against_numpy():
    layer = BagOfWords(6, 2)
    ids = np.array([[1, 5, 5, 0], [0, 0, 0, 0], [2, 3, 4, 1]])
    layer.build(ids.shape)
    rng = np.random.default_rng(0)
    kernel, bias = rng.normal(size=(6, 2)), rng.normal(size=2)
    layer.set_weights([kernel, bias])
    counts = np.array([[(row == word).sum() for word in range(6)] for row in ids])
    counts[:, 0] = 0
    np.testing.assert_allclose(
        layer(tf.constant(ids)), counts @ kernel + bias, rtol=1e-5
    )


def test_order_does_not_matter():
    layer = BagOfWords(9, 3)
    layer.build((None, None))
    layer.kernel.assign(np.random.default_rng(0).normal(size=(9, 3)))
    forth = tf.constant([[1, 2, 3, 4]])
    np.testing.assert_allclose(layer(forth), layer(forth[:, ::-1]), rtol=1e-5)
