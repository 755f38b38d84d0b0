"""Requests from example rows."""

import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.export import Signature

IDS = tf.TensorSpec([None, None], tf.int32, name="ids")
TEXT = tf.TensorSpec([None], tf.string, name="text")


def signature(inputs, rows):
    return Signature(lambda *tensors: {}, inputs, rows)


def test_alone_pads_nothing():
    requests = signature([IDS], [{"ids": [1, 2, 3]}, {"ids": []}]).alone()
    assert [request["ids"].shape for request in requests] == [(1, 3), (1, 0)]
    assert {request["ids"].dtype for request in requests} == {np.dtype("int32")}


def test_batch_pads_rows_with_their_first_element():
    batch = signature([IDS], [{"ids": [7, 1]}, {"ids": []}, {"ids": [1, 2, 3]}]).batch()
    assert batch["ids"].tolist() == [[7, 1, 7], [0, 0, 0], [1, 2, 3]]


def test_signature_has_no_per_token_outputs_by_default():
    assert signature([IDS], [{"ids": [1]}, {"ids": []}]).per_token == ()


def test_alone_and_batch_have_the_types_of_several_inputs():
    flag = tf.TensorSpec([None], tf.bool, name="flag")
    numbers = tf.TensorSpec([None, 2], tf.float64, name="numbers")
    rows = [
        {"ids": [1], "flag": True, "numbers": [1, 2]},
        {"ids": [3, 4], "flag": False, "numbers": [0.5, 1]},
    ]
    asked = signature([IDS, flag, numbers], rows)
    for request in (*asked.alone(), asked.batch()):
        dtypes = {name: array.dtype.name for name, array in request.items()}
        assert dtypes == {"ids": "int32", "flag": "bool", "numbers": "float64"}
    assert asked.batch()["numbers"].tolist() == [[1, 2], [0.5, 1]]


def test_batch_of_texts_holds_bytes():
    batch = signature([TEXT], [{"text": ""}, {"text": "ça"}]).batch()
    assert batch["text"].tolist() == [b"", "ça".encode()]


def test_batch_of_matrices_is_padded_both_ways():
    spec = tf.TensorSpec([None, None, None], name="x")
    batch = signature([spec], [{"x": [[1.0]]}, {"x": [[2.0, 3.0], [4.0, 5.0]]}]).batch()
    assert batch["x"][0].tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize(
    ("inputs", "rows", "message"),
    [
        ([IDS], [{"ids": [1]}, {"text": ""}], r"`rows`.*\['ids'\].*\{'text'"),
        ([IDS], [{"ids": [1]}], r"`rows`.* 1.*\{'ids': \[1\]\}"),
        ([], [], "`inputs`"),
        ([tf.TensorSpec([None])], [], "`inputs`"),
    ],
)
def test_signature_that_is_not_whole_raises(inputs, rows, message):
    with pytest.raises(ValueError, match=message):
        signature(inputs, rows)
