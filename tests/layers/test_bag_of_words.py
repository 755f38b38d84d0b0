"""Word counts times a matrix."""

import numpy as np
import pytest
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


def test_word_dropout_takes_whole_words_and_only_in_training():
    layer = BagOfWords(1000, 1, word_dropout=0.25, seed=1)
    layer.build((None, None))
    layer.kernel.assign(np.ones((1000, 1)))
    ids = np.arange(1, 1000)[:, None]
    np.testing.assert_array_equal(layer(ids), np.ones((999, 1)))
    twice = layer(np.repeat(ids, 2, axis=1), training=True).numpy()
    np.testing.assert_allclose(np.unique(twice), [0, 2 * 4 / 3], rtol=1e-6)
    # 999 fair draws leave this range once in a million times.
    assert 0.18 < (twice == 0).mean() < 0.32


def test_config_round_trip():
    layer = BagOfWords(5, 2, word_dropout=0.1, scale=0.5, seed=4)
    assert BagOfWords.from_config(layer.get_config()).get_config() == layer.get_config()
    with pytest.raises(ValueError, match=r"`word_dropout` must be in \[0, 1\), got 1"):
        BagOfWords(5, 2, word_dropout=1)
