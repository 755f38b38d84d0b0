"""Tokens to ids of words and to bytes."""

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
def test_word_id_is_the_place_in_the_vocabulary(token, number):
    assert word_id(token) == number


@given(st.binary(max_size=20).filter(bool))
def test_spelling_of_a_long_token_is_both_its_ends(token):
    """Of a short one all bytes; valid UTF-8 or not."""
    given = token if len(token) <= 6 else token[:3] + token[-3:]
    assert spelling(token) == given.ljust(6, b"\0")


def test_spelling_of_odd_length_has_the_longer_beginning():
    assert spelling("abcdefghij", 5) == b"abcij"


def test_vectorizer_without_word_length_returns_words_only():
    assert TokenVectorizer(WORDS)(tf.constant([["Bonn"]])).keys() == {"words"}


def test_vectorizer_in_a_saved_keras_model_round_trips(tmp_path):
    tokens = keras.Input((None,), dtype="string")
    model = keras.Model(tokens, TokenVectorizer(WORDS, 4)(tokens))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    got = loaded(tf.constant([["Bonn", "x"]]))
    assert got["words"].numpy().tolist() == [[2, 1]]
    assert got["spellings"].shape == (3, 4)
    assert got["places"].numpy().tolist() == [[1, 2]]


def test_learn_vocabulary_counts_normalized_words():
    sentences = [["The", "the", "12"], ["99", "THE", "zoo", "a"]]
    learn = TokenVectorizer.learn_vocabulary
    assert learn(sentences, 100) == ["the", "00", "a", "zoo"]
    assert learn(sentences[::-1], 100) == learn(sentences, 100)
    assert learn(sentences, 4) == ["the", "00"]


def test_vectorizer_of_negative_word_length_raises():
    with pytest.raises(ValueError, match=r"word_length.*-1"):
        TokenVectorizer(WORDS, -1)


def test_vectorizer_spells_each_different_token_once():
    tokens = tf.constant([["it", "is", "", ""], ["It", "is", "it", ""]])
    ids = TokenVectorizer(WORDS, 2)(tokens)
    assert ids["places"].numpy().tolist() == [[1, 2, 0, 0], [3, 2, 1, 0]]
    spelled = [bytes(row).rstrip(b"\0") for row in ids["spellings"].numpy().tolist()]
    assert spelled == [b"", b"it", b"is", b"It"]


def test_encode_then_spell_is_the_call():
    """The pipeline encodes flat tokens once, and spells each batch."""
    vectorizer = TokenVectorizer(WORDS, 4)
    tokens = tf.constant([["Bonn", "x", "Bonn"], ["47", "Bielefeld", ""]])
    words, spelled = vectorizer.encode(tf.reshape(tokens, [-1]))
    assert spelled.numpy().tolist() == [b"Bonn", b"x", b"Bonn", b"47", b"Bild", b""]
    expected = vectorizer(tokens)
    assert words.numpy().tolist() == expected["words"].numpy().ravel().tolist()
    for name, ids in vectorizer.spell(tf.reshape(spelled, tokens.shape)).items():
        assert ids.numpy().tolist() == expected[name].numpy().tolist()


@given(st.lists(st.text(max_size=20), min_size=1, max_size=3))
def test_split_of_unknown_words_is_that_of_split_tokens(texts):
    texts = tf.constant([text.encode("utf-8", "replace") for text in texts])
    split = TokenVectorizer(["never-ever"]).split(texts).to_list()
    assert split == split_tokens(texts).to_list()


def test_split_keeps_known_words_whole():
    vectorizer = TokenVectorizer(["st.", "i'd", "00/00"])
    texts = ["I'd see St. Paul's st.", "", "9/11, 99/11 (St.)"]
    assert [b" ".join(row).decode() for row in vectorizer.split(texts).to_list()] == [
        "I'd see St. Paul 's st.",
        "",
        "9 / 11 , 99/11 ( St . )",
    ]
