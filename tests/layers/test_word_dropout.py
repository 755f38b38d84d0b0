"""Words read as if they were unknown."""

import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.layers import WordDropout


def test_share_of_the_words():
    ids = tf.tile([[0, 7]], [1, 20_000])
    dropped = WordDropout(0.3, seed=1)(ids, training=True).numpy()[0]
    assert set(dropped[::2]) == {0}
    assert set(dropped[1::2]) == {1, 7}
    # Four standard deviations of a share of 20,000.
    assert np.mean(dropped[1::2] == 1) == pytest.approx(0.3, abs=0.013)


def test_only_in_training():
    ids = tf.range(9)[None]
    np.testing.assert_array_equal(WordDropout(0.9)(ids), ids)
    np.testing.assert_array_equal(WordDropout(0.0)(ids, training=True), ids)


def test_another_number_for_the_unknown():
    dropped = WordDropout(0.99, unknown=5, seed=0)(tf.ones((1, 50)), training=True)
    assert 5 in dropped.numpy()


def test_config_and_seed():
    layer = WordDropout(0.5, unknown=2, seed=3)
    twin = WordDropout.from_config(layer.get_config())
    ids = tf.fill([3, 40], 9)
    np.testing.assert_array_equal(layer(ids, training=True), twin(ids, training=True))


def test_rate():
    with pytest.raises(ValueError, match=r"`rate`.* 1\."):
        WordDropout(1)
