"""Reading tagged sentences, and the names in them."""

import pytest
import tensorflow as tf

from rnnzoo.tasks.tagging.sentences import (
    Lexicon,
    Sentence,
    most_frequent_tags,
    read_sentences,
    sentence_dataset,
)

SENTENCES = [
    Sentence(["Go", "home"], ["VERB", "NOUN"], "order"),
    Sentence(["It", "rains", "!"], ["PRON", "VERB", "PUNCT"], "news"),
    Sentence([], [], "news"),
]


def test_there_and_back():
    assert read_sentences(sentence_dataset(SENTENCES), intent=True) == SENTENCES
    plain = [sentence._replace(intent=None) for sentence in SENTENCES]
    assert read_sentences(sentence_dataset(plain)) == plain
    assert read_sentences(sentence_dataset(SENTENCES)) == plain


@pytest.mark.parametrize(
    "dataset",
    [
        [("a", "b")],
        tf.data.Dataset.from_tensor_slices(["a"]),
        tf.data.Dataset.from_tensor_slices((["a"], ["b"])),
        tf.data.Dataset.from_tensor_slices(([["a"]], [[1]])),
    ],
)
def test_something_else(dataset):
    with pytest.raises(TypeError, match=r"must be a tf.data.Dataset of \(tokens, tags"):
        read_sentences(dataset)


def test_an_intent_that_is_missing():
    dataset = sentence_dataset([SENTENCES[0]._replace(intent=None)])
    with pytest.raises(TypeError, match=r"\(tokens, tags, intent\)"):
        read_sentences(dataset, intent=True)


def test_more_words_than_tags():
    dataset = sentence_dataset([SENTENCES[0], Sentence(["a", "b"], ["DET"], "order")])
    with pytest.raises(
        ValueError, match=r"Sentence 1, from 0, has 2 words and 1 tags.*\['a'"
    ):
        read_sentences(dataset)


def test_an_empty_word():
    with pytest.raises(ValueError, match="Sentence 0, from 0, has an empty word"):
        read_sentences(sentence_dataset([Sentence(["a", ""], ["DET", "X"])]))


def test_no_word_at_all():
    with pytest.raises(ValueError, match="`dataset` must have a word"):
        read_sentences(sentence_dataset([SENTENCES[2]]))


def test_numbers_of_names():
    lexicon = Lexicon.learn(SENTENCES, size=100)
    assert lexicon.vocabulary == ["!", "go", "home", "it", "rains"]
    assert lexicon.tags == ["VERB", "NOUN", "PRON", "PUNCT"]
    assert lexicon.intents == ["news", "order"]
    assert lexicon.tag_ids(tf.constant(["NOUN", "none"])).numpy().tolist() == [1, -1]
    assert lexicon.intent_ids(tf.constant(["order"])).numpy().tolist() == [1]


def test_words_from_elsewhere_come_after_those_of_the_data():
    lexicon = Lexicon.learn(SENTENCES, size=100).with_words(["go", "far", "away"])
    assert lexicon.vocabulary[5:] == ["far", "away"]
    assert lexicon.intents == ["news", "order"]


def test_most_frequent_tags():
    train = [
        Sentence(["run", "run", "run", "the"], ["NOUN", "VERB", "VERB", "DET"]),
        Sentence(["the"], ["DET"]),
        Sentence(["the"], ["DET"]),
    ]
    assert most_frequent_tags(train, [["the", "run", "zoo"], []]) == [
        ["DET", "VERB", "DET"],
        [],
    ]
