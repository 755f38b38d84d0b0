"""Word counts times a matrix."""

import numpy as np
import tensorflow as tf

from rnnzoo.layers import BagOfWords


def test_against_numpy():
    layer = BagOfWords(6, 2, scale=0.5)
    ids = np.array([[1, 5, 5, 0], [0, 0, 0, 0], [2, 3, 4, 1]])
    layer.build(ids.shape)
    rng = np.random.default_rng(0)
    kernel, bias = rng.normal(size=(6, 2)), rng.normal(size=2)
    layer.set_weights([kernel, bias])
    counts = np.array([[(row == word).sum() for word in range(6)] for row in ids])
    counts[:, 0] = 0
    np.testing.assert_allclose(
        layer(tf.constant(ids)), 0.5 * counts @ kernel + bias, rtol=1e-5
    )


def test_order_does_not_matter():
    layer = BagOfWords(9, 3)
    layer.build((None, None))
    layer.kernel.assign(np.random.default_rng(0).normal(size=(9, 3)))
    forth = tf.constant([[1, 2, 3, 4]])
    np.testing.assert_allclose(layer(forth), layer(forth[:, ::-1]), rtol=1e-5)


def test_config_round_trip():
    config = BagOfWords(5, 2, scale=0.5).get_config()
    assert config["scale"] == 0.5
    assert BagOfWords.from_config(config).get_config() == config
