"""What the spelling of a word tells."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.layers import CharacterFeatures

SPELLINGS = np.array([[0] * 4, [98, 101, 0, 0], [122, 111, 111, 0], [97, 0, 0, 0]])
PLACES = np.array([[2, 1], [3, 0], [1, 2]])
WORDS = [SPELLINGS, PLACES]


def test_against_keras():
    """Word by word, each without its padding, on Keras' own layers."""
    layer = CharacterFeatures(units=3, embedding_dim=5)
    got = layer(WORDS)
    twin = keras.Sequential(
        [
            keras.layers.Embedding(256, 5),
            keras.layers.Bidirectional(keras.layers.LSTM(3)),
        ]
    )
    twin.build((None, None))
    twin.set_weights(layer.get_weights())
    for place in np.argwhere(PLACES):
        word = SPELLINGS[PLACES[tuple(place)]]
        expected = twin(word[word > 0][None])[0]
        np.testing.assert_allclose(got[tuple(place)], expected, rtol=1e-5, atol=1e-6)


def test_no_characters_no_feature():
    features = CharacterFeatures(units=3)(WORDS)
    assert not features[1, 1].numpy().any()
    assert features._keras_mask.numpy().tolist() == (PLACES > 0).tolist()


def test_more_padding_changes_nothing():
    layer = CharacterFeatures(units=3)
    wide = [np.pad(SPELLINGS, [(0, 3), (0, 2)]), np.pad(PLACES, [(0, 0), (0, 1)])]
    np.testing.assert_allclose(layer(wide)[:, :2], layer(WORDS), rtol=1e-5, atol=1e-6)


def test_dropout_in_training_only():
    layer = CharacterFeatures(units=3, dropout=0.5, seed=1)
    np.testing.assert_array_equal(layer(WORDS), layer(WORDS))
    assert np.any(layer(WORDS, training=True) != layer(WORDS))


def test_file_round_trip(tmp_path):
    inputs = [keras.Input((4,), dtype="int32"), keras.Input((None,), dtype="int32")]
    layer = CharacterFeatures(200, 5, units=3, dropout=0.25, seed=9)
    model = keras.Model(inputs, layer(inputs))
    assert model.output_shape == (None, None, 6)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(WORDS), model(WORDS))
    assert loaded.layers[-1].get_config() == layer.get_config()


@pytest.mark.parametrize("name", ["input_dim", "embedding_dim", "units"])
def test_sizes(name):
    with pytest.raises(ValueError, match=f"`{name}`.* 0"):
        CharacterFeatures(**{name: 0})


def test_under_xla():
    layer = CharacterFeatures(units=3)

    @tf.function(jit_compile=True)
    def gradients(words):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(words, training=True) ** 2)
        return tape.gradient(loss, layer.trainable_variables)

    layer(WORDS)
    assert all(np.isfinite(g).all() for g in gradients(list(map(tf.constant, WORDS))))
