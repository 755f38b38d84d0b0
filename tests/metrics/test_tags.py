"""Metrics of tags and spans, against seqeval."""

import pytest
from harness.schemes import SCHEMES
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics.sequence_labeling import precision_recall_fscore_support as default
from seqeval.metrics.v1 import precision_recall_fscore_support as strict

from rnnzoo.metrics.tags import ALL, span_scores, tag_scores, token_accuracy


def sentences(prefixes):
    tags = ["O", *(f"{prefix}-{kind}" for prefix in prefixes for kind in "AB")]
    pair = st.tuples(st.sampled_from(tags), st.sampled_from(tags))
    return st.lists(st.lists(pair, min_size=1, max_size=9), min_size=1, max_size=4)


def both(pairs):
    return [[[pair[i] for pair in row] for row in pairs] for i in (0, 1)]


def assert_same(ours, theirs, kinds):
    """By kind, and for all; seqeval has zeros for a kind that does not occur."""
    columns = zip(*theirs(None), strict=True)
    expected = dict(zip(kinds, columns, strict=True))
    for kind, score in ours.items():
        if kind != ALL:
            assert tuple(score) == pytest.approx(expected[kind])
    assert tuple(ours[ALL]) == pytest.approx(tuple(theirs("micro")))


@given(sentences("BIES"))
@settings(max_examples=50)
def test_span_scores_by_default_are_those_of_seqeval(pairs):
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
def test_span_scores_of_a_scheme_are_those_of_strict_seqeval(scheme, data):
    theirs, prefixes = SCHEMES[scheme]
    truth, answers = both(data.draw(sentences(prefixes)))
    ours = span_scores(truth, answers, scheme)

    def scores(average):
        return strict(truth, answers, average=average, scheme=theirs, zero_division=0)

    assert_same(ours, scores, sorted(kind for kind in ours if kind != ALL))


def test_token_accuracy_and_tag_scores_are_counted_by_hand():
    truth, answers = [["A", "B"], ["A"]], [["A", "A"], ["B"]]
    assert token_accuracy(truth, answers) == pytest.approx(1 / 3)
    words = [["x", "y"], ["z"]]
    assert token_accuracy(truth, answers, words, {"y", "z"}) == 1
    assert token_accuracy(truth, answers, words, {"x", "y", "z"}) == 0
    assert tag_scores(truth, answers)["A"] == (0.5, 0.5, 0.5, 2)
    assert tag_scores(truth, answers)[ALL].f1 == pytest.approx(1 / 3)


def test_scores_of_an_unseen_tag_are_zero():
    scores = tag_scores([["A", "NEW"]], [["A", "A"]])
    assert scores["NEW"] == (0, 0, 0, 1)
    assert span_scores([["B-NEW"]], [["O"]])["NEW"] == (0, 0, 0, 1)


def test_span_scores_of_too_few_answers_raises():
    with pytest.raises(ValueError, match=r"Sentence 1 .* 2 .* 1 "):
        span_scores([["O"], ["O", "O"]], [["O"], ["O"]])
