"""Rows of a table, and the true norm of its gradient."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.layers import Embedding
from rnnzoo.layers.embedding import gather_rows


def test_same_as_keras():
    ours, oracle = (
        layer(7, 3, mask_zero=True) for layer in (Embedding, keras.layers.Embedding)
    )
    ids = np.array([[1, 6, 6, 0], [2, 2, 2, 2]])
    oracle(ids)
    ours.build(ids.shape)
    ours.set_weights(oracle.get_weights())
    np.testing.assert_array_equal(ours(ids), oracle(ids))
    np.testing.assert_array_equal(ours.compute_mask(ids), oracle.compute_mask(ids))


def test_gradient_is_a_tensor_with_a_repeated_row_summed():
    table = tf.Variable(np.arange(6.0).reshape(3, 2))
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(
            gather_rows(table, tf.constant([[2, 2], [2, 0]]), training=True)
        )
    gradient = tape.gradient(total, table)
    assert isinstance(gradient, tf.Tensor)
    assert gradient.numpy().tolist() == [[1, 1], [0, 0], [3, 3]]


def test_mixed_precision():
    layer = Embedding(1000, 2, dtype="mixed_bfloat16")
    assert layer(tf.constant([[999]])).dtype == tf.bfloat16
    np.testing.assert_array_equal(
        layer(tf.constant([[999]])),
        tf.cast(layer.embeddings.value[999], tf.bfloat16)[None, None],
    )


def test_file_round_trip(tmp_path):
    model = keras.Sequential(
        [keras.Input((None,), dtype="int32"), Embedding(5, 2, mask_zero=True)]
    )
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(np.array([[1, 4]])), model(np.array([[1, 4]])))


def test_word_dropout_takes_whole_words_and_only_in_training():
    layer = Embedding(1000, 3, word_dropout=0.25, seed=1)
    layer.build((None, None))
    layer.set_weights([np.ones((1000, 3))])
    ids = np.stack([np.arange(1000), np.arange(1000)[::-1]])
    np.testing.assert_array_equal(layer(ids), np.ones((2, 1000, 3)))
    forth, back = layer(ids, training=True).numpy()
    np.testing.assert_array_equal(forth, back[::-1])
    np.testing.assert_array_equal(forth, np.broadcast_to(forth[:, :1], forth.shape))
    np.testing.assert_allclose(np.unique(forth), [0, 4 / 3], rtol=1e-6)
    # 1,000 fair draws leave this range once in a million times.
    assert 0.18 < (forth[:, 0] == 0).mean() < 0.32


def test_config_round_trip():
    layer = Embedding(5, 2, word_dropout=0.1, seed=4, mask_zero=True)
    assert Embedding.from_config(layer.get_config()).get_config() == layer.get_config()
    with pytest.raises(ValueError, match=r"`word_dropout`.* 1\."):
        Embedding(5, 2, word_dropout=1)
