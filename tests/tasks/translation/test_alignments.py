"""The attention weights of a translation, against those of its single steps."""

import numpy as np
import pytest
import tensorflow as tf
from harness.models import small, varied

SOURCE = "Ein Hund läuft."


def test_alignment_matches_attention_of_single_steps(translations):
    model = varied(small("translation_gru_attention", translations, vocabulary="word"))
    (alignment,) = model.read_attention([SOURCE])
    assert alignment.source == [" Ein", " Hund", " läuft", ".", ""]

    network, texts = model.network, model.texts
    memory = network.read(texts.source_ids(tf.constant([SOURCE])))
    step, token, states = network.step(memory), tf.constant([1]), memory.states
    names, weights = [], []
    for _ in alignment.target:
        output = step(token, states)
        token, states = (
            tf.argmax(output.logits, axis=-1, output_type=tf.int32),
            output.states,
        )
        names.append(texts.target.pieces(token).numpy()[0].decode())
        weights.append(output.attention[0])
    assert alignment.target == names
    np.testing.assert_allclose(alignment.weights, weights, atol=1e-6)
    assert np.std(alignment.weights) > 0.01
    (answer,) = model.answer(SOURCE)
    assert "".join(names).strip() == answer["translation"]


def test_alignment_of_blank_text_is_empty(translations):
    model = small("translation_gru_attention", translations, vocabulary="word")
    (alignment,) = model.read_attention([" "])
    assert (alignment.source, alignment.target, alignment.weights.shape) == (
        [""],
        [],
        (0, 1),
    )


def test_read_attention_without_attention_raises(translations):
    model = small("translation_gru", translations)
    with pytest.raises(ValueError, match=r"`attention`.*None"):
        model.read_attention([SOURCE])
