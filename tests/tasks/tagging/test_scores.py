"""The metrics of a tagger on sentences."""

import pytest

from rnnzoo.tasks.tagging.scores import (
    check_spans,
    describe_sentences,
    measure_sentences,
)
from rnnzoo.tasks.tagging.sentences import Sentence

SENTENCES = [
    Sentence(["Bonn", "lies"], ["B-LOC", "O"], "news"),
    Sentence(["Go", "to", "Rome"], ["O", "O", "B-LOC"], "order"),
]


def answered(*tags, intents=None):
    answers = [{"tags": row} for row in tags]
    if intents is None:
        return answers
    return [a | {"intent": i} for a, i in zip(answers, intents, strict=True)]


def test_measure_sentences_counts_words_spans_and_sentences():
    answers = answered(["B-LOC", "O"], ["O", "B-LOC", "B-LOC"])
    scores = measure_sentences(SENTENCES, answers, "f1")
    assert scores == {"f1": 0.8, "accuracy": 0.8, "whole_sentences": 0.5}
    assert next(iter(scores)) == "f1"
    del scores["f1"]
    assert measure_sentences(SENTENCES, answers, "accuracy") == scores


def test_measure_sentences_with_intents_counts_them_in_whole_sentences():
    right = [sentence.tags for sentence in SENTENCES]
    answers = answered(*right, intents=["news", "news"])
    assert measure_sentences(SENTENCES, answers, "accuracy") == {
        "accuracy": 1,
        "intent_accuracy": 0.5,
        "whole_sentences": 0.5,
    }


def test_describe_sentences_scores_unseen_words_and_frequent_tags():
    answers = answered(["B-LOC", "O"], ["O", "O", "O"])
    train = [SENTENCES[0], Sentence(["Go", "Bonn"], ["O", "B-LOC"])]
    described = describe_sentences(train, SENTENCES, answers, "accuracy")
    # "to" and "Rome" are unseen. Both tags occur twice: "B-LOC" is first by name.
    assert described == {"unseen_words": 0.5, "frequent_tags": 0.8}
    described = describe_sentences(train, SENTENCES, answers, "f1")
    assert described == {"unseen_words": 0.5, "frequent_tags": 0.8}


def test_describe_sentences_without_unseen_words_has_no_score_of_them():
    answers = answered(*[sentence.tags for sentence in SENTENCES])
    described = describe_sentences(SENTENCES, SENTENCES, answers, "f1")
    assert described == {"unseen_words": None, "frequent_tags": 1.0}


def test_check_spans_of_tags_without_spans_names_the_sentence():
    check_spans("test", SENTENCES)
    wrong = [*SENTENCES, Sentence(["a"], ["NOUN"])]
    with pytest.raises(ValueError, match=r"test, sentence 2.*NOUN"):
        check_spans("test", wrong)
