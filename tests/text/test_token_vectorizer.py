"""Tokens to the ids of words and to bytes."""

import keras
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from rnnzoo.text import TokenVectorizer, split_tokens

WORDS = ["bonn", "\u00e9t\u00e9", "00"]


def word_id(token):
    return TokenVectorizer(WORDS)(tf.constant([[token]]))["words"].numpy()[0, 0]


def spelling(token, word_length=6):
    ids = TokenVectorizer(WORDS, word_length)(tf.constant([["", token]]))
    return bytes(ids["spellings"].numpy()[ids["places"][0, 1]].tolist())


@pytest.mark.parametrize(
    ("token", "number"),
    [("Bonn", 2), ("\u00c9T\u00c9", 3), ("47", 4), ("Rome", 1), ("", 0), (b"\xff", 1)],
)
def test_words(token, number):
    assert word_id(token) == number


@given(st.binary(max_size=20).filter(bool))
def test_bytes(token):
    """The word itself, or both its ends, whatever it is made of."""
    given = token if len(token) <= 6 else token[:3] + token[-3:]
    assert spelling(token) == given.ljust(6, b"\0")


def test_of_an_odd_length_the_beginning_is_longer():
    assert spelling("abcdefghij", 5) == b"abcij"


def test_without_spelling():
    assert TokenVectorizer(WORDS)(tf.constant([["Bonn"]])).keys() == {"words"}


def test_in_a_model_of_keras(tmp_path):
    tokens = keras.Input((None,), dtype="string")
    model = keras.Model(tokens, TokenVectorizer(WORDS, 4)(tokens))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    got = loaded(tf.constant([["Bonn", "x"]]))
    assert got["words"].numpy().tolist() == [[2, 1]]
    assert got["spellings"].shape == (3, 4)
    assert got["places"].numpy().tolist() == [[1, 2]]


def test_vocabulary_is_counted_in_one_form_for_all():
    sentences = [["The", "the", "12"], ["99", "THE", "zoo", "a"]]
    learn = TokenVectorizer.learn_vocabulary
    assert learn(sentences, 100) == ["the", "00", "a", "zoo"]
    assert learn(sentences[::-1], 100) == learn(sentences, 100)
    assert learn(sentences, 4) == ["the", "00"]


def test_a_length_that_is_none():
    with pytest.raises(ValueError, match="`word_length` must be a positive"):
        TokenVectorizer(WORDS, -1)


def test_each_word_is_spelled_once():
    tokens = tf.constant([["it", "is", "", ""], ["It", "is", "it", ""]])
    ids = TokenVectorizer(WORDS, 2)(tokens)
    assert ids["places"].numpy().tolist() == [[1, 2, 0, 0], [3, 2, 1, 0]]
    spelled = [bytes(row).rstrip(b"\0") for row in ids["spellings"].numpy().tolist()]
    assert spelled == [b"", b"it", b"is", b"It"]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=3))
def test_what_is_unknown_is_parted_as_ever(texts):
    texts = tf.constant([text.encode("utf-8", "replace") for text in texts])
    split = TokenVectorizer(["never-ever"]).split(texts).to_list()
    assert split == split_tokens(texts).to_list()


def test_what_is_known_stays_whole():
    vectorizer = TokenVectorizer(["st.", "i'd", "00/00"])
    texts = ["I'd see St. Paul's st.", "", "9/11, 99/11 (St.)"]
    assert [b" ".join(row).decode() for row in vectorizer.split(texts).to_list()] == [
        "I'd see St. Paul 's st.",
        "",
        "9 / 11 , 99/11 ( St . )",
    ]
