"""Rows in, answers out."""

import json

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from rnnzoo.answers import (
    answer_examples,
    answer_rows,
    plain,
    strip_padding,
    text_list,
)

TEXT = tf.TensorSpec([None], tf.string, name="text")
TOKENS = tf.TensorSpec([None, None], tf.string, name="tokens")
IDS = tf.TensorSpec([None, None], tf.int32, name="ids")
LENGTHS = tf.TensorSpec([None], tf.int32, name="lengths")
FEATURES = tf.TensorSpec([None, 3], tf.float32, name="features")


def answered(specs, rows, batch_size=3, per_token=()):
    """The answers of a model that returns its inputs, and the batches it gets."""
    batches = []

    def echo(arrays):
        batches.append(arrays)
        return arrays

    return answer_examples(echo, specs, rows, batch_size, per_token), batches


def test_text_list_of_one_text_is_a_list_of_one():
    assert text_list("été") == ["été".encode()]
    assert text_list(b"\xff") == [b"\xff"]


def test_text_list_replaces_letters_that_have_no_utf8():
    assert text_list(["a\ud800b"]) == [b"a?b"]


@pytest.mark.parametrize("bad", [None, 3, float("nan"), ["nested"]])
def test_text_list_with_other_item_names_it(bad):
    with pytest.raises(TypeError, match=f"`texts`.* 1, .*{type(bad).__name__}"):
        text_list(["fine", bad])


def test_text_list_takes_any_iterable():
    assert text_list(t for t in ["a", "b"]) == [b"a", b"b"]
    assert text_list(np.array(["a", "b"])) == [b"a", b"b"]
    for bad in (None, 3):
        with pytest.raises(TypeError, match=f"`texts`.*{bad}"):
            text_list(bad)


def test_answer_rows_are_dictionaries_of_python_values():
    outputs = {
        "label": np.array([b"gut", "schön".encode()], dtype=object),
        "probabilities": np.array([[0.25, 0.75], [1.0, 0.0]]),
    }
    assert answer_rows(outputs) == [
        {"label": "gut", "probabilities": [0.25, 0.75]},
        {"label": "schön", "probabilities": [1.0, 0.0]},
    ]


def test_answer_rows_of_empty_batch_is_empty():
    assert answer_rows({"label": np.array([], dtype=object)}) == []


@pytest.mark.parametrize(
    ("array", "values"),
    [
        (np.array([2**40], "int64"), [2**40]),
        (np.array([True, False]), [True, False]),
        (np.array([0.5], "float32"), [0.5]),
        (np.array([0.1], "float64"), [0.1]),
        (np.array([b"\xff", "été".encode()], object), ["\ufffd", "été"]),
    ],
)
def test_plain_values_can_be_written_as_json(array, values):
    assert plain(array) == values
    assert json.loads(json.dumps(plain(array))) == values


ROW = {"tokens": ["a", "", "b", ""], "tags": ["X", "", "Y", ""], "ids": [1, 2, 3, 4]}


def test_strip_padding_ends_after_last_token():
    """An empty token between others stays."""
    assert strip_padding(ROW, ["tokens", "tags"]) == {
        **{"tokens": ["a", "", "b"], "tags": ["X", "", "Y"], "ids": [1, 2, 3, 4]}
    }


def test_strip_padding_without_per_token_outputs_keeps_all():
    assert strip_padding(ROW, []) == ROW


def test_strip_padding_of_padding_alone_is_empty():
    row = {"tokens": ["", ""], "tags": ["", ""], "intent": "none"}
    assert strip_padding(row, ["tokens", "tags"]) == {
        **{"tokens": [], "tags": [], "intent": "none"}
    }


@given(texts=st.lists(st.text(max_size=9), max_size=12), batch_size=st.integers(1, 5))
def test_answer_examples_returns_answers_in_the_order_of_rows(texts, batch_size):
    answers, batches = answered([TEXT], texts, batch_size)
    assert answers == [{"text": text} for text in texts]
    # Texts of similar length are answered together.
    together = [len(text) for batch in batches for text in batch["text"]]
    assert together == sorted(len(text.encode()) for text in texts)
    assert all(len(batch["text"]) == batch_size for batch in batches[:-1])


@given(lengths=st.lists(st.integers(0, 3), max_size=12), batch_size=st.integers(1, 5))
def test_answer_examples_pads_nothing(lengths, batch_size):
    rows = [
        {"ids": list(range(length)), "lengths": length, "features": [number, 0.5, 1]}
        for number, length in enumerate(lengths)
    ]
    specs = [IDS, LENGTHS, FEATURES]
    answers, batches = answered(specs, rows, batch_size)
    assert answers == rows
    assert all(1 <= len(batch["ids"]) <= batch_size for batch in batches)
    for batch in batches:
        assert {name: array.dtype.name for name, array in batch.items()} == {
            **{"ids": "int32", "lengths": "int32", "features": "float32"}
        }
        assert set(batch["lengths"]) == {batch["ids"].shape[1]}


def test_answer_examples_takes_values_or_dictionaries_for_one_input():
    wanted = [{"ids": [1, 2]}, {"ids": [3]}]
    assert answered([IDS], [[1, 2], [3]])[0] == wanted
    assert answered([IDS], [np.array([1, 2]), np.array([3])])[0] == wanted
    assert answered([IDS], [{"ids": [1, 2]}, {"ids": [3]}])[0] == wanted


def test_answer_examples_takes_one_text_or_dictionary_as_a_list_of_one():
    assert answered([TEXT], "été")[0] == [{"text": "été"}]
    assert answered([TEXT], b"\xff")[0] == [{"text": "\ufffd"}]
    row = {"ids": [1, 2], "lengths": 2}
    assert answered([IDS, LENGTHS], row)[0] == [row]


def test_answer_examples_takes_lists_of_texts():
    rows = [["a", "été"], [b"b"], []]
    answers, _ = answered([TOKENS], rows)
    assert answers == [{"tokens": ["a", "été"]}, {"tokens": ["b"]}, {"tokens": []}]


def test_answer_examples_strips_padding():
    def padded(arrays):
        return {"tokens": np.array([[b"a", b""]], object), "ids": np.array([[1, 0]])}

    answers = answer_examples(padded, [TEXT], ["a"], 1, per_token=["tokens", "ids"])
    assert answers == [{"tokens": ["a"], "ids": [1]}]


def test_answer_examples_without_rows_asks_nothing():
    assert answered([IDS, LENGTHS], []) == ([], [])


@pytest.mark.parametrize(
    ("specs", "rows", "error", "message"),
    [
        ([TEXT], None, TypeError, "`text`.*None"),
        ([TEXT], 3, TypeError, "`text`.*3"),
        ([TEXT], ["a", 3], TypeError, "`text`, row 1.*3"),
        ([TEXT], ["a", None], TypeError, "`text`, row 1.*None"),
        ([TEXT], [["a"]], ValueError, r"`text`, row 0.*\(1,\)"),
        ([TOKENS], ["a"], ValueError, r"`tokens`, row 0.*\(\)"),
        ([TOKENS], [["a", 3]], TypeError, "`tokens`, row 0.*3"),
        ([IDS], [[1], 2], ValueError, r"`ids`, row 1.*\(\)"),
        ([IDS], [["a"]], ValueError, "a"),
        ([IDS], [{"id": [1]}], ValueError, r"\['ids'\].*\['id'\].*row 0"),
        ([IDS, LENGTHS], [{"ids": [1]}], ValueError, r"'lengths'.*\['ids'\].*row 0"),
        ([IDS, LENGTHS], [[1]], ValueError, "'lengths'.*list.*row 0"),
    ],
)
def test_answer_examples_with_rows_that_do_not_fit_raises(specs, rows, error, message):
    with pytest.raises(error, match=message):
        answered(specs, rows)


@pytest.mark.parametrize("value", [[1.5], [2**40], [None]])
def test_answer_examples_with_number_of_other_type_raises(value):
    """Nothing is rounded or cut off."""
    with pytest.raises(ValueError, match="`ids`, row 0"):
        answered([IDS], [value])


def test_answer_examples_with_empty_list_has_the_rank_of_the_input():
    matrix = tf.TensorSpec([None, None, 2], tf.float32, name="steps")
    _, (batch,) = answered([matrix], [[]])
    assert batch["steps"].shape == (1, 0, 2)
