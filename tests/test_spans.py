"""Spans and their scores, against seqeval."""

import pytest
from harness.schemes import SCHEMES
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import Tokens

from rnnzoo.spans import spans


def tags_of(prefixes):
    named = [f"{prefix}{kind}" for prefix in prefixes for kind in ("-A", "-B-c", "")]
    return st.lists(st.sampled_from(["O", *named]), max_size=12)


@given(tags_of("BIES"))
def test_lenient(tags):
    wanted = [(kind, start, end + 1) for kind, start, end in get_entities(tags)]
    assert spans(tags) == wanted


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_strict(scheme, data):
    theirs, prefixes = SCHEMES[scheme]
    tags = data.draw(tags_of(prefixes))
    wanted = [entity.to_tuple()[1:] for entity in Tokens(tags, theirs).entities]
    assert [(kind, start, end) for kind, start, end in spans(tags, scheme)] == wanted


def test_what_breaks_the_scheme_is_no_span():
    assert spans(["I-LOC", "O"], "IOB2") == []
    assert spans(["B-LOC", "O"], "IOBES") == []


def test_no_such_tag():
    with pytest.raises(ValueError, match=r"B, I .*'E-LOC'"):
        spans(["E-LOC"], "IOB2")
    with pytest.raises(ValueError, match="'NOUN'"):
        spans(["NOUN"])


def test_no_such_scheme():
    with pytest.raises(ValueError, match="scheme 'IOB3'"):
        spans([], "IOB3")
