"""Examples of classify and regress, with the error texts of TensorFlow Serving."""

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf.meta_graph_pb2 import SignatureDef

from rnnzoo.serving import ServingError
from rnnzoo.serving.json_examples import check_method, request_examples, results_body


def parsed(body):
    return [
        {
            name: list(getattr(feature, feature.WhichOneof("kind")).value)
            for name, feature in tf.train.Example.FromString(
                row
            ).features.feature.items()
        }
        for row in request_examples(body)["inputs"]
    ]


def test_kinds_of_features():
    example = {"t": "é", "b": {"b64": "/w=="}, "i": [1, True], "f": [1.0, 2.5]}
    assert parsed({"examples": [example]}) == [
        {"t": ["é".encode()], "b": [b"\xff"], "i": [1, 1], "f": [1.0, 2.5]}
    ]


def test_an_example_wins_over_the_context():
    body = {"context": {"a": 1, "b": 2}, "examples": [{"a": 3}, {}]}
    assert parsed(body) == [{"a": [3], "b": [2]}, {"a": [1], "b": [2]}]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "When method is classify, key 'examples' is expected and was not found"),
        ({"examples": 1}, "Expecting 'examples' value to be an list/array"),
        ({"examples": []}, "'examples' value is an empty array"),
        ({"examples": [1]}, "Example must be JSON object but got JSON Number"),
        (
            {"examples": [{"a": None}]},
            "Feature: a has element with unexpected JSON type",
        ),
        ({"examples": [{"a": [10, 10.0]}]}, "type in feature: a expecting type: int64"),
        ({"examples": [{"a": 2**64 - 1}]}, "Only int64_t is supported."),
        ({"examples": [{"a": {"b64": "_"}}]}, "Unable to base64 decode"),
        (
            {"examples": [{}], "context": 1},
            "Example must be JSON object but got JSON Nu",
        ),
    ],
)
def test_what_is_refused(body, message):
    with pytest.raises(ServingError) as raised:
        request_examples(body)
    assert message in str(raised.value)


def definition(inputs, outputs):
    found = SignatureDef()
    for name in inputs:
        found.inputs[name].dtype = 7
    for name in outputs:
        found.outputs[name].dtype = 1
    return found


@pytest.mark.parametrize(
    ("method", "definition", "message"),
    [
        ("classify", None, "No signature was found with the name: s"),
        ("classify", definition("ab", "c"), "Expected one input Tensor."),
        (
            "classify",
            definition("a", "c"),
            "No classification inputs found in Signature",
        ),
        (
            "regress",
            definition("a", "c"),
            "No regression inputs found in SignatureDef: ",
        ),
        (
            "classify",
            definition(["inputs"], "abc"),
            "one or two output Tensors, found 3",
        ),
        (
            "classify",
            definition(["inputs"], "ab"),
            'at least one of "classes" or "scor',
        ),
        ("regress", definition(["inputs"], "ab"), "Expected one output Tensor."),
        (
            "regress",
            definition(["inputs"], "a"),
            "No regression outputs found in Signat",
        ),
    ],
)
def test_signatures_that_are_of_another_shape(method, definition, message):
    with pytest.raises(ServingError) as raised:
        check_method(method, "s", definition)
    assert message in str(raised.value)


def test_results():
    classes = np.array([[b"low", b"high"]], object)
    scores = np.array([[0.25, 0.75]], "float32")
    both = {"classes": classes, "scores": scores}
    assert results_body("classify", both, 1) == {
        "results": [[["low", 0.25], ["high", 0.75]]]
    }
    assert results_body("classify", {"scores": scores}, 1) == {
        "results": [[["", 0.25], ["", 0.75]]]
    }
    assert results_body("classify", {"classes": classes}, 1) == {
        "results": [[["low", 0.0], ["high", 0.0]]]
    }
    assert results_body("regress", {"outputs": scores[:, :1]}, 1) == {"results": [0.25]}


def outputs(**shapes):
    return {k: np.zeros(shape, "float32") for k, shape in shapes.items()}


@pytest.mark.parametrize(
    ("method", "outputs", "message"),
    [
        (
            "classify",
            outputs(scores=(1, 3, 4)),
            "[batch_size num_classes] but got [1,3,4]",
        ),
        (
            "classify",
            outputs(classes=(1, 2)),
            "Expected classes Tensor of DT_STRING. Got:",
        ),
        (
            "classify",
            outputs(scores=(2, 2)),
            "Expected scores output batch size of 1. Got",
        ),
        (
            "classify",
            {**outputs(scores=(1, 2)), "classes": np.full((1, 3), b"a", object)},
            "match in dim_size(1). Got 3 vs. 2",
        ),
        ("regress", outputs(outputs=(1, 2)), "[batch_size, 1] but got [1,2]"),
        ("regress", outputs(outputs=(2,)), "did not match output batch size: 1 vs. 2"),
        (
            "regress",
            {"outputs": np.array([b"a"], object)},
            "Expected output Tensor of DT_FLOAT.  Got: DT_STRING",
        ),
    ],
)
def test_results_of_another_kind(method, outputs, message):
    with pytest.raises(ServingError) as raised:
        results_body(method, outputs, batch=1)
    assert message in str(raised.value)
