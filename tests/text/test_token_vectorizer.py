"""Tokens to the ids of words and to bytes."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from rnnzoo.text import TokenVectorizer

WORDS = ["bonn", "\u00e9t\u00e9", "00"]


def ids_of(token, word_length=6):
    return {
        name: value.numpy()[0, 0]
        for name, value in TokenVectorizer(WORDS, word_length)(
            tf.constant([[token]])
        ).items()
    }


@pytest.mark.parametrize(
    ("token", "number"),
    [("Bonn", 2), ("\u00c9T\u00c9", 3), ("47", 4), ("Rome", 1), ("", 0), (b"\xff", 1)],
)
def test_words(token, number):
    assert ids_of(token)["words"] == number


@given(st.binary(max_size=20).filter(bool))
def test_bytes(token):
    """The word itself, or both its ends, whatever it is made of."""
    given = token if len(token) <= 6 else token[:3] + token[-3:]
    assert bytes(ids_of(token)["characters"].tolist()) == given.ljust(6, b"\0")


def test_of_an_odd_length_the_beginning_is_longer():
    assert bytes(ids_of("abcdefghij", 5)["characters"].tolist()) == b"abcij"


def test_without_spelling():
    assert TokenVectorizer(WORDS)(tf.constant([["Bonn"]])).keys() == {"words"}


def test_in_a_model_of_keras(tmp_path):
    tokens = keras.Input((None,), dtype="string")
    model = keras.Model(tokens, TokenVectorizer(WORDS, 4)(tokens))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    got = loaded(tf.constant([["Bonn", "x"]]))
    assert got["words"].numpy().tolist() == [[2, 1]]
    assert got["characters"].shape == (1, 2, 4)


def test_vocabulary_is_counted_in_one_form_for_all():
    sentences = [["The", "the", "12"], ["99", "THE", "zoo", "a"]]
    learn = TokenVectorizer.learn_vocabulary
    assert learn(sentences, 100) == ["the", "00", "a", "zoo"]
    assert learn(sentences[::-1], 100) == learn(sentences, 100)
    assert learn(sentences, 4) == ["the", "00"]


def test_a_length_that_is_none():
    with pytest.raises(ValueError, match="`word_length` must be a positive"):
        TokenVectorizer(WORDS, -1)


def test_padding_is_zero_everywhere():
    ids = TokenVectorizer(WORDS, 3)(tf.constant([["Bonn", ""]]))
    np.testing.assert_array_equal(ids["characters"][0, 1], 0)
