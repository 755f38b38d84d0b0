"""Tensors in JSON, with the error texts of TensorFlow Serving."""

import json

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from rnnzoo.serving import ServingError
from rnnzoo.serving.json_tensors import request_tensors, response_body, tensor

X = {"x": tf.float32}
TWO = {"ids": tf.int32, "lengths": tf.int32}
ROW = "Failed to process element: 1{} of 'instances' list. Error: INVALID_ARGUMENT: "
NUMBER = "JSON Value: {} Type: {} is not of expected type: {}"


@pytest.mark.parametrize(
    ("body", "dtypes", "expected"),
    [
        ({"instances": [1, 2.5]}, X, {"x": [1, 2.5]}),
        ({"instances": [{"x": 1}, {"x": 2}]}, X, {"x": [1, 2]}),
        ({"inputs": [[1], [2]]}, X, {"x": [[1], [2]]}),
        ({"inputs": {"x": 3, "other": 1}}, X, {"x": 3}),
        ({"inputs": []}, X, {"x": []}),
        (
            {"instances": [{"ids": [1, 2], "lengths": 2}]},
            TWO,
            {"ids": [[1, 2]], "lengths": [2]},
        ),
        ({"instances": ["a", {"b64": "/w"}]}, {"t": tf.string}, {"t": [b"a", b"\xff"]}),
        ({"inputs": {"b64": ""}}, {"t": tf.string}, {"t": b""}),
        ({"instances": [True]}, {"x": tf.bool}, {"x": [True]}),
    ],
)
def test_requests(body, dtypes, expected):
    found, row = request_tensors(body, dtypes)
    assert {name: value.tolist() for name, value in found.items()} == expected
    assert row == ("instances" in body)


@pytest.mark.parametrize(
    ("body", "dtypes", "message"),
    [
        ({}, X, "Missing 'inputs' or 'instances' key"),
        ({"inputs": 1, "instances": [1]}, X, "Not formatted correctly expecting only"),
        ({"instances": 5}, X, "Expecting 'instances' to be an list/array"),
        ({"instances": []}, X, "No values in 'instances' array"),
        ({"instances": [1]}, TWO, "instances is a plain list, but expecting list of"),
        ({"inputs": [1]}, TWO, "inputs is a plain value/list, but expecting an object"),
        ({"inputs": {"ids": [1]}}, TWO, "Missing named input: lengths in 'inputs' obj"),
        (
            {"instances": [1, {"x": 1}]},
            X,
            "Expecting value/list but got object at item 1",
        ),
        ({"instances": [{"x": 1}, 1]}, X, "Expecting object but got list at item 1 of"),
        (
            {"instances": [{"ids": [1]}]},
            TWO,
            "keys must be equal to: ids,lengths",
        ),
        (
            {"instances": [{"x": 1}, {"y": 1}]},
            X,
            ROW.format(" key: y") + "JSON object: does not have named input: y",
        ),
        (
            {"instances": [[1, 2], [1]]},
            X,
            ROW.format("") + "Expecting tensor size: 2 but got: 1",
        ),
        (
            {"instances": [1, [1]]},
            X,
            ROW.format("") + "Expecting shape [] but got: [1]",
        ),
        (
            {"inputs": [[1, 2], [1]]},
            X,
            "Encountered list at unexpected size: 1 at level",
        ),
        (
            {"inputs": [1, [2]]},
            X,
            "Encountered list at unexpected level: 1 expected < 1",
        ),
        ({"inputs": [[1], 2]}, X, "2 found at incorrect level: 2 in the JSON DOM. Exp"),
        ({"inputs": "a"}, X, NUMBER.format('"a"', "String", "float")),
        ({"inputs": None}, X, NUMBER.format("null", "Null", "float")),
        ({"inputs": 1.0}, {"x": tf.int32}, NUMBER.format("1.0", "Number", "int32")),
        ({"inputs": 2**31}, {"x": tf.int32}, "Type: Number is not of expected type"),
        ({"inputs": True}, {"x": tf.int32}, NUMBER.format("true", "True", "int32")),
        ({"inputs": 1}, {"t": tf.string}, NUMBER.format("1", "Number", "string")),
        ({"inputs": {"t": {"a": 1}}}, {"t": tf.string}, "not formatted correctly for"),
        ({"inputs": {"b64": "_-"}}, {"t": tf.string}, "Unable to base64 decode"),
        ({"inputs": {"b64": "QQ==="}}, {"t": tf.string}, "Unable to base64 decode"),
        (
            {"inputs": json.loads("[" * 70 + "]" * 70)},
            X,
            "8 dimensions",
        ),
    ],
)
def test_what_is_refused(body, dtypes, message):
    with pytest.raises(ServingError) as raised:
        request_tensors(body, dtypes)
    assert message in str(raised.value)
    assert raised.value.code == "INVALID_ARGUMENT"


def test_types_that_json_has_not():
    with pytest.raises(ServingError, match=r"to type: (half|float16)") as raised:
        request_tensors({"inputs": [1.0]}, {"x": tf.float16})
    assert raised.value.status == 501


@given(
    arrays.arrays(
        st.sampled_from(["float32", "int32", "bool"]),
        arrays.array_shapes(min_dims=0, max_dims=3, max_side=4),
    )
)
def test_what_is_sent_arrives(value):
    body = json.loads(json.dumps(response_body({"y": value}, row=False)))
    again = tensor(body["outputs"], tf.as_dtype(value.dtype))
    np.testing.assert_array_equal(again, value)
    assert again.shape == value.shape


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.2, "0.2"), (1 / 3, "0.333333343"), (9e6, "9000000.0"), (np.nan, "NaN")],
)
def test_floats_have_the_digits_of_their_type(value, text):
    sent = response_body({"y": np.array(value, "float32")}, row=False)
    assert json.dumps(sent["outputs"]) == text


def test_rows_of_several_outputs():
    outputs = {"a": np.array([1, 2]), "b_bytes": np.array([b"\xff", b""], object)}
    assert response_body(outputs, row=True) == {
        "predictions": [
            {"a": 1, "b_bytes": {"b64": "/w=="}},
            {"a": 2, "b_bytes": {"b64": ""}},
        ]
    }


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        ({"a": np.array(1)}, "Tensor name: a has no shape information "),
        (
            {"a": np.array([1, 2]), "b": np.array([1])},
            "Tensor name: b has inconsistent batch size: 1 expecting: 2",
        ),
        ({"a": np.array([1], "float16")}, "Failed to write JSON value for tensor type"),
    ],
)
def test_outputs_that_are_no_rows(outputs, message):
    with pytest.raises(ServingError) as raised:
        response_body(outputs, row=True)
    assert message in str(raised.value)
