"""Figures of merit of tags and spans, against seqeval."""

import pytest
from harness.schemes import SCHEMES
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics.sequence_labeling import precision_recall_fscore_support as default
from seqeval.metrics.v1 import precision_recall_fscore_support as strict

from rnnzoo.metrics.tags import ALL, aligned, span_scores, tag_scores, token_accuracy


def sentences(prefixes):
    tags = ["O", *(f"{prefix}-{kind}" for prefix in prefixes for kind in "AB")]
    pair = st.tuples(st.sampled_from(tags), st.sampled_from(tags))
    return st.lists(st.lists(pair, min_size=1, max_size=9), min_size=1, max_size=4)


def both(pairs):
    return [[[pair[i] for pair in row] for row in pairs] for i in (0, 1)]


def assert_same(ours, theirs, kinds):
    """By kind, and all together; kinds that stand nowhere are zeros in seqeval."""
    columns = zip(*theirs(None), strict=True)
    expected = dict(zip(kinds, columns, strict=True))
    for kind, score in ours.items():
        if kind != ALL:
            assert tuple(score) == pytest.approx(expected[kind])
    assert tuple(ours[ALL]) == pytest.approx(tuple(theirs("micro")))


@given(sentences("BIES"))
@settings(max_examples=50)
def test_as_seqeval_by_default(pairs):
    truth, answers = both(pairs)
    ours = span_scores(truth, answers)
    assert_same(
        ours,
        lambda average: default(truth, answers, average=average, zero_division=0),
        sorted(kind for kind in ours if kind != ALL),
    )


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
@settings(max_examples=50)
def test_as_seqeval_when_strict(scheme, data):
    theirs, prefixes = SCHEMES[scheme]
    truth, answers = both(data.draw(sentences(prefixes)))
    ours = span_scores(truth, answers, scheme)

    def scores(average):
        return strict(truth, answers, average=average, scheme=theirs, zero_division=0)

    assert_same(ours, scores, sorted(kind for kind in ours if kind != ALL))


def test_words():
    truth, answers = [["A", "B"], ["A"]], [["A", "A"], ["B"]]
    assert token_accuracy(truth, answers) == pytest.approx(1 / 3)
    words = [["x", "y"], ["z"]]
    assert token_accuracy(truth, answers, words, {"y", "z"}) == 1
    assert token_accuracy(truth, answers, words, {"x", "y", "z"}) == 0
    assert tag_scores(truth, answers)["A"] == (0.5, 0.5, 0.5, 2)
    assert tag_scores(truth, answers)[ALL].f1 == pytest.approx(1 / 3)


def test_a_tag_that_training_never_saw_is_an_error():
    scores = tag_scores([["A", "NEW"]], [["A", "A"]])
    assert scores["NEW"] == (0, 0, 0, 1)
    assert span_scores([["B-NEW"]], [["O"]])["NEW"] == (0, 0, 0, 1)


def test_fewer_answers_than_words():
    with pytest.raises(ValueError, match="Sentence 1 has 2 tags and 1 answers"):
        span_scores([["O"], ["O", "O"]], [["O"], ["O"]])


def test_columns():
    rows = {"": ["\u00c9t\u00e9", "!"], "tags": ["NOUN", "PUNCT"]}
    assert aligned(rows) == "      \u00c9t\u00e9  !\ntags  NOUN PUNCT"


def test_columns_that_find_no_room():
    rows = {"": ["It", "rains", "!"], "tags": ["PRON", "VERB", "PUNCT"]}
    first = "      It   rains\ntags  PRON VERB"
    second = "      !\ntags  PUNCT"
    assert aligned(rows, 21) == f"{first}\n\n{second}"
    assert aligned(rows, 22) == "      It   rains !\ntags  PRON VERB  PUNCT"
    assert aligned(rows, 1).count("tags") == 3


def test_columns_of_wide_letters():
    rows = {"": ["\u6771\u4eac", "e\u0301t", "!"], "tags": ["N", "X", "PUNCT"]}
    assert aligned(rows) == "      \u6771\u4eac e\u0301t !\ntags  N    X  PUNCT"
