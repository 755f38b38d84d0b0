"""What a translator reads, against what it says of each step."""

import numpy as np
import pytest
import tensorflow as tf
from harness.models import small, varied

SOURCE = "Ein Hund läuft."


def test_it_is_what_was_read_step_by_step(translations):
    model = varied(small("translation_gru_attention", translations, vocabulary="word"))
    (found,) = model.read_attention(SOURCE)
    assert found.source == [" Ein", " Hund", " läuft", ".", ""]

    network, texts = model.network, model.texts
    memory = network.read(texts.source_ids(tf.constant([SOURCE])))
    step, token, states = network.step(memory), tf.constant([1]), memory.states
    names, weights = [], []
    for _ in found.target:
        said = step(token, states)
        token, states = tf.argmax(said.logits, axis=-1, output_type=tf.int32), said[1]
        names.append(texts.target.pieces(token).numpy()[0].decode())
        weights.append(said.attention[0])
    assert found.target == names
    np.testing.assert_allclose(found.weights, weights, atol=1e-6)
    assert np.std(found.weights) > 0.01
    (answer,) = model.predict_text(SOURCE)
    assert "".join(names).strip() == answer["translation"]


def test_of_a_blank_text_nothing_is_read(translations):
    model = small("translation_gru_attention", translations, vocabulary="word")
    (found,) = model.read_attention(" ")
    assert (found.source, found.target, found.weights.shape) == ([""], [], (0, 1))


def test_nothing_is_read_without_attention(translations):
    model = small("translation_gru", translations)
    with pytest.raises(ValueError, match="no attention: `attention` is None"):
        model.read_attention(SOURCE)
