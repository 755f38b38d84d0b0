"""Spans of words in what a tagger answered."""

import pytest

from rnnzoo.serving import tagged_spans


def test_spans_without_the_padding():
    answer = {
        "tokens": ["Bonn", "and", "New", "York", "", ""],
        "tags": ["S-LOC", "O", "B-LOC", "E-LOC", "", ""],
        "scores": [0.5, 1.0, 0.75, 0.625, 0.0, 0.0],
    }
    assert tagged_spans(answer, "IOBES") == [
        {"text": "Bonn", "kind": "LOC", "start": 0, "end": 1, "score": 0.5},
        {"text": "New York", "kind": "LOC", "start": 2, "end": 4, "score": 0.625},
    ]
    assert tagged_spans({"tokens": [""], "tags": [""], "scores": [0.0]}) == []


def test_parts_of_speech_are_no_spans():
    with pytest.raises(ValueError, match="'NOUN'"):
        tagged_spans({"tokens": ["zoo"], "tags": ["NOUN"], "scores": [1.0]})
