"""Subwords in the graph, against the same in Python."""

import re
import unicodedata

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnzoo.data.synthetic.reviews import synthetic_reviews
from rnnzoo.tasks.translation.data import load_translations
from rnnzoo.text import SubwordVectorizer
from rnnzoo.text.subwords import BYTES, merge

BLANKS = " \t\n\v\f\r"
MIXED = "aZé ß\u0301  \t\nñ漢字かкийحبं9½-'\u2019.!\U0001f600\u200d"


@pytest.fixture(scope="module")
def vectorizer():
    texts, _ = synthetic_reviews(2000, seed=1)
    return SubwordVectorizer(SubwordVectorizer.learn(as_dataset(texts), 500))


def as_dataset(texts):
    return tf.data.Dataset.from_tensor_slices(tf.constant(texts))


def chunks(text):
    """Words, and marks one by one, with the blank before them; never above 32."""
    text = " " + text.strip(BLANKS)
    kinds = "".join(
        "s" if c in " \t\n\f\r" else "l" if unicodedata.category(c)[0] in "LM" else "o"
        for c in text
    )
    blank = "".join("b" if c == " " else k for c, k in zip(text, kinds, strict=True))
    parts = [text[m.start() : m.end()] for m in re.finditer("b?l+|b?o|[sb]", blank)]
    return [part[i : i + 32] for part in parts for i in range(0, len(part), 32)]


def spelled(chunk, merges):
    """Every merge in its order, wherever it applies."""
    symbols = list(chunk.encode())
    for i, pair in enumerate(merges):
        if pair[0] in symbols and pair[1] in symbols:
            symbols = merge(symbols, pair, BYTES + i)
    return [symbol + 3 for symbol in symbols]


def encoded(text, merges, known):
    """The ids of a text; `known` are those of chunks that came before."""
    for chunk in chunks(text):
        if chunk not in known:
            known[chunk] = spelled(chunk, merges)
    return [i for chunk in chunks(text) for i in known[chunk]]


def test_ten_thousand_sentences(vectorizer):
    """As made for this project, and a thousand in letters of many scripts."""
    generator = np.random.default_rng(0)
    texts = list(dict.fromkeys(synthetic_reviews(12_000, seed=2)[0]))[:9000]
    texts += [
        "".join(generator.choice(list(MIXED), generator.integers(0, 60)))
        for _ in range(10_000 - len(texts))
    ]
    assert_as_in_python(vectorizer, texts)


@pytest.mark.real_data
def test_ten_thousand_sentences_in_two_languages(real):
    real("multi30k")
    pairs = load_translations("multi30k", source="en", target="de").train.take(5000)
    texts = [text.decode() for pair in pairs.as_numpy_iterator() for text in pair]
    merges = SubwordVectorizer.learn(as_dataset(texts), 5000)
    assert_as_in_python(SubwordVectorizer(merges), texts)


def assert_as_in_python(vectorizer, texts):
    """All are encoded as written out, and come back."""
    known = {}
    ids = vectorizer.encode(tf.constant(texts)).to_list()
    for text, got in zip(texts, ids, strict=True):
        assert got == encoded(text, vectorizer.merges, known)
    back = vectorizer.decode(tf.ragged.constant(ids).to_tensor()).numpy()
    assert [text.decode() for text in back] == [text.strip(BLANKS) for text in texts]


@settings(max_examples=200)
@given(text=st.text(st.sampled_from(MIXED) | st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(vectorizer, text):
    text = text.replace("\x1f", " ")
    ids = vectorizer.encode(tf.constant([text])).to_tensor()
    (back,) = vectorizer.decode(ids).numpy()
    assert back.decode() == text.strip(BLANKS)


def test_long_words(vectorizer):
    texts = ["x" * n for n in (31, 32, 33, 64, 1000)]
    ids = vectorizer.encode(tf.constant(texts))
    assert ids.to_list() == [encoded(t, vectorizer.merges, {}) for t in texts]
    back = vectorizer.decode(ids.to_tensor()).numpy()
    assert [text.decode() for text in back] == texts


def test_in_one_batch_as_alone(vectorizer):
    texts = tf.constant(["", "The film was superb.", "Я не знаю", "The film " * 50])
    together = vectorizer.encode(texts).to_list()
    assert together == [vectorizer.encode(text[None]).to_list()[0] for text in texts]
    assert together[0] == vectorizer.encode(tf.constant([" "])).to_list()[0] != []


def test_bytes_that_are_no_text(vectorizer):
    """Of a source, and of a decoder that ended within a letter."""
    ids = vectorizer.encode(tf.constant([b"a\xffb"]))
    assert vectorizer.decode(ids.to_tensor()).numpy()[0].decode() == "a\ufffdb"
    half = "é".encode()[0] + 3
    assert vectorizer.decode(tf.constant([[half, 2]])).numpy()[0].decode() == "\ufffd"


def test_special_ids_say_nothing(vectorizer):
    ids = vectorizer.encode(tf.constant(["a b"]))
    begun = tf.concat([[[1]], ids.to_tensor(), [[2, 0, 0]]], axis=1)
    assert vectorizer.decode(begun).numpy().tolist() == [b"a b"]


def test_frequent_words_are_one(vectorizer):
    assert vectorizer.encode(tf.constant(["the film"])).row_lengths().numpy() == [2]
    assert vectorizer.vocabulary_size == 500


def test_the_order_of_texts_does_not_matter():
    texts = ["low lower", "new newer", "wide wider"]
    first, second = (
        SubwordVectorizer.learn(as_dataset(t), 270) for t in (texts, texts[::-1])
    )
    assert first == second


def test_bytes_alone():
    vectorizer = SubwordVectorizer([])
    assert vectorizer(tf.constant(["é", "a"])).numpy().tolist() == [
        [35, 198, 172],
        [35, 100, 0],
    ]


def test_no_room_for_the_bytes():
    with pytest.raises(ValueError, match=r"`vocabulary_size`.* 259.* 258"):
        SubwordVectorizer.learn(as_dataset(["a"]), 258)


def test_no_text():
    with pytest.raises(ValueError, match="text"):
        SubwordVectorizer.learn(as_dataset([""]), 300)


@pytest.mark.parametrize(
    "merges", [[(900, 1)], [(1, 2), (257, 1)], ["the"], ["ab"], [("a", "b")], [3]]
)
def test_merges_of_what_there_is_not(merges):
    with pytest.raises(ValueError, match=f"`merges`.*{re.escape(repr(merges[-1]))}"):
        SubwordVectorizer(merges)


def test_a_merge_that_comes_twice():
    with pytest.raises(ValueError, match=r"`merges`.*\(1, 2\).* 2 "):
        SubwordVectorizer([(1, 2), (1, 2)])


def test_config_round_trip(vectorizer):
    config = keras.saving.serialize_keras_object(vectorizer)
    twin = keras.saving.deserialize_keras_object(config)
    texts = tf.constant(["The film was superb."])
    assert twin.encode(texts).to_list() == vectorizer.encode(texts).to_list()


def test_pieces(vectorizer):
    ids = vectorizer.encode(tf.constant(["superb é"])).to_list()[0]
    pieces = vectorizer.pieces(tf.constant([1, *ids, 2])).numpy()
    assert b"".join(pieces).decode() == " superb é"
    assert (pieces[0], pieces[-1]) == (b"", b"")
    assert vectorizer.unwritten == [0, 1]
