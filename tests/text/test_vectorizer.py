"""Raw text to ids."""

import keras
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnzoo.text import TextVectorizer, standardize


def tokens(text):
    standard = standardize(tf.constant([text]))
    return [t.decode() for t in tf.strings.split(standard)[0].numpy().tolist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It's GOOD.", ["it's", "good", "."]),
        ("ÉTÉ Ἀθήνα ЖУК", ["été", "ἀθήνα", "жук"]),
        ("one<br /><br />two", ["one", "two"]),
        ("a < b", ["a", "<", "b"]),
        ("wow!!", ["wow", "!", "!"]),
        ("I <3 it :>", ["i", "<", "3", "it", ":", ">"]),
        ("<b>x</b> < 5 and y > 2", ["x", "<", "5", "and", "y", ">", "2"]),
        ("it\u2019s 'good', 'n' 'so'", ["it's", "good", ",", "n", "so"]),
        ("tea\u00a0\u3000\u2003\tand\nrum", ["tea", "and", "rum"]),
        ("fine\U0001f600", ["fine", "\U0001f600"]),
        ("Bad\0GOOD film", ["bad", "good", "film"]),
        ("", []),
        (" \u00a0\n", []),
        (b"\xff\xfegood", ["\ufffd", "\ufffd", "good"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
    ],
)
def test_tokens(text, expected):
    assert tokens(text) == expected


def test_ids():
    vectorizer = TextVectorizer(["the", "film"], max_length=10)
    ids = vectorizer(tf.constant(["The film!", "a film", ""]))
    assert ids.dtype == tf.int32
    assert ids.numpy().tolist() == [[2, 3, 1], [1, 3, 0], [0, 0, 0]]


@pytest.mark.parametrize("texts", [[""], ["", "  "], []])
def test_never_an_empty_sequence(texts):
    ids = TextVectorizer(["a"], max_length=4)(tf.constant(texts, tf.string))
    assert ids.shape == (len(texts), 1)
    assert not ids.numpy().any()


def test_the_end_of_a_long_text_is_read():
    vectorizer = TextVectorizer(["end"], max_length=3)
    assert vectorizer(tf.constant(["x " * 100_000 + "end"])).numpy().tolist() == [
        [1, 1, 2]
    ]


def test_vocabulary_is_sorted_by_frequency_and_cut():
    texts = tf.data.Dataset.from_tensor_slices(["b a", "b c", "b a d"])
    words = TextVectorizer.learn_vocabulary(texts, size=10)
    assert words[:2] == ["b", "a"]
    assert sorted(words[2:]) == ["c", "d"]
    assert TextVectorizer.learn_vocabulary(texts, size=4) == ["b", "a"]


@settings(max_examples=50)
@given(st.lists(st.text(max_size=20) | st.binary(max_size=20), min_size=1, max_size=4))
def test_any_text_in_the_pipeline_and_in_the_graph(texts):
    """The same ids from a batch in a graph and from one text in `tf.data`."""
    vectorizer = TextVectorizer(["a", "0", "!"], max_length=5)
    texts = [t.encode() if isinstance(t, str) else t for t in texts]
    batch = tf.function(vectorizer)(tf.constant(texts))
    alone = tf.data.Dataset.from_tensor_slices(texts).map(
        lambda text: vectorizer.ragged(text[None]).values
    )
    for row, ids in zip(batch.numpy().tolist(), alone.as_numpy_iterator(), strict=True):
        assert row == ids.tolist() + [0] * (len(row) - len(ids))


def test_config_round_trip():
    vectorizer = TextVectorizer(["a", "b"], max_length=7)
    again = TextVectorizer.from_config(vectorizer.get_config())
    assert again.get_config() == vectorizer.get_config()
    assert keras.ops.shape(again(tf.constant(["a b c"]))) == (1, 3)


def test_bad_max_length():
    with pytest.raises(ValueError, match=r"`max_length`.* 0"):
        TextVectorizer([], max_length=0)
