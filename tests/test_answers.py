"""Texts in, answers out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnzoo.answers import answer_in_batches, answer_rows, text_list


def test_one_text_is_a_list_of_one():
    assert text_list("été") == ["été".encode()]
    assert text_list(b"\xff") == [b"\xff"]


def test_what_has_no_utf8_is_replaced():
    assert text_list(["a\ud800b"]) == [b"a?b"]


@pytest.mark.parametrize("bad", [None, 3, float("nan"), ["nested"]])
def test_what_is_no_text_is_named(bad):
    with pytest.raises(TypeError, match="number 1 is"):
        text_list(["fine", bad])


def test_any_iterable():
    assert text_list(t for t in ["a", "b"]) == [b"a", b"b"]
    assert text_list(np.array(["a", "b"])) == [b"a", b"b"]
    for bad in (None, 3):
        with pytest.raises(TypeError, match=f"must be a list of texts, got {bad}"):
            text_list(bad)


def test_rows():
    outputs = {
        "label": np.array([b"gut", "schön".encode()], dtype=object),
        "probabilities": np.array([[0.25, 0.75], [1.0, 0.0]]),
    }
    assert answer_rows(outputs) == [
        {"label": "gut", "probabilities": [0.25, 0.75]},
        {"label": "schön", "probabilities": [1.0, 0.0]},
    ]


def test_no_rows():
    assert answer_rows({"label": np.array([], dtype=object)}) == []


@given(texts=st.lists(st.text(max_size=9), max_size=12), batch_size=st.integers(1, 5))
def test_answers_come_in_the_order_of_their_texts(texts, batch_size):
    batches = []

    def echo(batch):
        batches.append([len(text) for text in batch])
        return {"text": np.array(batch, dtype=object)}

    answers = answer_in_batches(echo, texts, batch_size)
    assert answers == [{"text": text} for text in texts]
    # Those that are answered together are of like length.
    together = [length for batch in batches for length in batch]
    assert together == sorted(len(text.encode()) for text in texts)
    assert all(len(batch) == batch_size for batch in batches[:-1])
