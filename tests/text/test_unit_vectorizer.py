"""Words and characters to ids and back."""

import keras
import pytest
import tensorflow as tf

from rnnzoo.text import UnitVectorizer, learn_vocabulary, make_vectorizer

TEXTS = ["Der Hund, der Hund!", "ein Hund", "Ärger"]
both = pytest.mark.parametrize("unit", ["word", "character"])


def learned(unit, size=100, texts=TEXTS):
    texts = tf.data.Dataset.from_tensor_slices(texts)
    return learn_vocabulary(unit, texts, size)


def test_words_by_frequency():
    assert learned("word", 5) == [" Hund"]
    assert set(learned("word")[1:]) == {" Der", " der", " ein", " Ärger", ",", "!"}


def test_characters_by_frequency():
    assert learned("character")[:1] == [" "]
    assert "Ä" in learned("character")


@both
def test_what_is_known_comes_back(unit):
    vectorizer = make_vectorizer(unit, learned(unit))
    ids = vectorizer.encode(tf.constant(TEXTS))
    assert (ids.values > 3).numpy().all()
    back = vectorizer.decode(ids.to_tensor()).numpy()
    assert [text.decode() for text in back] == TEXTS


@both
def test_what_is_unknown(unit):
    vectorizer = make_vectorizer(unit, learned(unit))
    ids = vectorizer.encode(tf.constant(["ein 犬", "", "b\xff"]))
    assert ids.to_list()[0][-1] == 3
    assert "\ufffd" in vectorizer.decode(ids.to_tensor()).numpy()[0].decode()
    assert ids.row_lengths().numpy().min() > 0


def test_words_of_just_as_many_letters_as_are_kept_together():
    text = f"Das {'x' * 31} gilt {'y' * 63}."
    vectorizer = make_vectorizer("word", learned("word", texts=[text]))
    ids = vectorizer.encode(tf.constant([text]))
    assert ids.values.numpy().min() > 3
    assert vectorizer.decode(ids.to_tensor()).numpy()[0].decode() == text


def test_pieces():
    vectorizer = UnitVectorizer([" good", "."], unit="word")
    pieces = vectorizer.pieces(tf.constant([[1, 4, 3, 5, 2, 0]])).numpy()[0]
    assert [piece.decode() for piece in pieces] == ["", " good", "\ufffd", ".", "", ""]
    assert vectorizer.unwritten == [0, 1, 3]


@both
def test_nothing_known(unit):
    vectorizer = UnitVectorizer([], unit)
    assert set(vectorizer.encode(tf.constant(["a b"])).to_list()[0]) == {3}
    assert vectorizer.vocabulary_size == 4


@both
def test_config_round_trip(unit):
    vectorizer = make_vectorizer(unit, learned(unit))
    config = keras.saving.serialize_keras_object(vectorizer)
    twin = keras.saving.deserialize_keras_object(config)
    texts = tf.constant(TEXTS)
    assert twin(texts).numpy().tolist() == vectorizer(texts).numpy().tolist()


def test_what_is_refused():
    with pytest.raises(ValueError, match=r"`vocabulary_size`.* 5.* 4"):
        learned("word", 4)
    with pytest.raises(ValueError, match="text"):
        learned("character", texts=["", " "])
    with pytest.raises(ValueError, match=r"`known`.*' a'.* 2 "):
        UnitVectorizer([" a", " a"], "word")
    for known, wrong in (
        ("ab", "'ab'"),
        (["", "a"], "''"),
        ([[97, 98]], r"\[97, 98\]"),
    ):
        with pytest.raises(ValueError, match=f"`known`.*{wrong}"):
            UnitVectorizer(known, "character")


def test_unknown_unit():
    with pytest.raises(ValueError, match=r"`unit`.*'letter'"):
        UnitVectorizer([], "letter")
