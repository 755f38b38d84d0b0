"""Vocabularies by name."""

import json

import pytest
import tensorflow as tf

from rnnzoo.text import VOCABULARIES, learn_vocabulary, make_vectorizer

TEXTS = ["Der Hund, der Hund!", "ein Hund"]


@pytest.mark.parametrize("kind", VOCABULARIES)
def test_what_was_learned_is_json_and_gives_texts_back(kind):
    size = 270
    learned = learn_vocabulary(kind, tf.data.Dataset.from_tensor_slices(TEXTS), size)
    vectorizer = make_vectorizer(kind, json.loads(json.dumps(learned)))
    assert vectorizer.vocabulary_size <= size
    ids = vectorizer.encode(tf.constant(TEXTS)).to_tensor()
    assert int(tf.reduce_max(ids)) < vectorizer.vocabulary_size
    assert [text.decode() for text in vectorizer.decode(ids).numpy()] == TEXTS


def test_fewer_pieces_for_larger_units():
    texts = tf.data.Dataset.from_tensor_slices(TEXTS)
    lengths = [
        make_vectorizer(kind, learn_vocabulary(kind, texts, 270))
        .encode(tf.constant(["Der Hund"]))
        .row_lengths()[0]
        for kind in ("word", "subword", "character")
    ]
    assert lengths[0] == 2
    assert lengths == sorted(lengths)
    assert lengths[2] == len(" Der Hund")
