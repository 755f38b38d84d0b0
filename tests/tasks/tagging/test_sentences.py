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


def test_sentence_dataset_is_read_back():
    assert read_sentences(sentence_dataset(SENTENCES), intent=True) == SENTENCES
    plain = [sentence._replace(intent=None) for sentence in SENTENCES]
    assert read_sentences(sentence_dataset(plain)) == plain
    assert read_sentences(sentence_dataset(SENTENCES)) == plain


def test_sentence_with_more_words_than_tags_raises():
    dataset = sentence_dataset([SENTENCES[0], Sentence(["a", "b"], ["DET"], "order")])
    with pytest.raises(ValueError, match=r"Sentence 1.* 2 .* 1 .*\['a', 'b'\]"):
        read_sentences(dataset)


def test_sentence_with_an_empty_word_raises():
    with pytest.raises(ValueError, match=r"Sentence 0.*\['a', ''\]"):
        read_sentences(sentence_dataset([Sentence(["a", ""], ["DET", "X"])]))


def test_sentences_without_a_word_raise():
    with pytest.raises(ValueError, match="`dataset`"):
        read_sentences(sentence_dataset([SENTENCES[2]]))


def test_lexicon_learns_names_by_frequency():
    learned = Lexicon.learn(SENTENCES, size=100)
    assert learned == {
        "vocabulary": ["!", "go", "home", "it", "rains"],
        "tags": ["VERB", "NOUN", "PRON", "PUNCT"],
        "intents": ["news", "order"],
    }
    assert Lexicon.learn(SENTENCES, size=4)["vocabulary"] == ["!", "go"]


def test_lexicon_without_intents_has_none():
    plain = [sentence._replace(intent=None) for sentence in SENTENCES]
    lexicon = Lexicon(**Lexicon.learn(plain, size=100))
    assert lexicon.intents is None


def test_lexicon_numbers_names_and_gives_unknown_ones_minus_one():
    lexicon = Lexicon(**Lexicon.learn(SENTENCES, size=100))
    assert lexicon.tag_ids(tf.constant(["NOUN", "none"])).numpy().tolist() == [1, -1]
    intents = lexicon.intent_ids(tf.constant(["order", "none"]))
    assert intents.numpy().tolist() == [1, -1]


def test_most_frequent_tags_are_those_of_each_word_or_of_all():
    train = [
        Sentence(["run", "run", "run", "the"], ["NOUN", "VERB", "VERB", "DET"]),
        Sentence(["the"], ["DET"]),
        Sentence(["the"], ["DET"]),
    ]
    assert most_frequent_tags(train, [["the", "run", "zoo"], []]) == [
        ["DET", "VERB", "DET"],
        [],
    ]
