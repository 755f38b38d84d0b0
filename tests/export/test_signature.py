"""Requests from example rows."""

import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.export import Signature

IDS = tf.TensorSpec([None, None], tf.int32, name="ids")
TEXT = tf.TensorSpec([None], tf.string, name="text")


def signature(inputs, rows):
    return Signature(lambda *tensors: {}, inputs, rows)


def test_a_row_alone_is_not_padded():
    requests = signature([IDS], [{"ids": [1, 2, 3]}, {"ids": []}]).alone()
    assert [request["ids"].shape for request in requests] == [(1, 3), (1, 0)]
    assert {request["ids"].dtype for request in requests} == {np.dtype("int32")}


def test_a_batch_is_padded_with_the_first_element():
    batch = signature([IDS], [{"ids": [7, 1]}, {"ids": []}, {"ids": [1, 2, 3]}]).batch()
    assert batch["ids"].tolist() == [[7, 1, 7], [0, 0, 0], [1, 2, 3]]


def test_texts_of_any_length_are_bytes():
    batch = signature([TEXT], [{"text": ""}, {"text": "ça"}]).batch()
    assert batch["text"].tolist() == [b"", "ça".encode()]


def test_rank_two_is_padded_both_ways():
    spec = tf.TensorSpec([None, None, None], name="x")
    batch = signature([spec], [{"x": [[1.0]]}, {"x": [[2.0, 3.0], [4.0, 5.0]]}]).batch()
    assert batch["x"][0].tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize(
    ("inputs", "rows", "message"),
    [
        ([IDS], [{"ids": [1]}, {"text": ""}], r"have the inputs \['ids'\], got {'text"),
        ([IDS], [{"ids": [1]}], r"must be two example requests or more, .* got 1"),
        ([], [], "`inputs` must be specs with names"),
        ([tf.TensorSpec([None])], [], "`inputs` must be specs with names"),
    ],
)
def test_what_is_no_signature(inputs, rows, message):
    with pytest.raises(ValueError, match=message):
        signature(inputs, rows)
