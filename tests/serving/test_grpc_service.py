"""What the gRPC services refuse, and that they go on."""

import grpc
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    predict_pb2,
    prediction_service_pb2_grpc,
    regression_pb2,
)


@pytest.fixture
def stub(server):
    with grpc.insecure_channel(server.grpc) as channel:
        yield prediction_service_pb2_grpc.PredictionServiceStub(channel)


def request(signature="", version=None, filter_=(), **inputs):
    """A request; an input is an array, or a message that is odd on purpose."""
    message = predict_pb2.PredictRequest(output_filter=filter_)
    message.model_spec.name = "tiny"
    message.model_spec.signature_name = signature
    if version is not None:
        message.model_spec.version.value = version
    for name, value in inputs.items():
        if isinstance(value, np.ndarray):
            value = tf.make_tensor_proto(value)
        message.inputs[name].CopyFrom(value)
    return message


def with_shape(size, **content):
    """A tensor that says that it has so many values."""
    proto = tf.make_tensor_proto(X)
    proto.ClearField("float_val")
    proto.ClearField("tensor_content")
    proto.tensor_shape.dim[0].size = size
    for name, value in content.items():
        setattr(proto, name, value)
    return proto


X = np.array([1.0], "float32")
IDS = np.array([[1, 2]], "int32")


@pytest.mark.parametrize(
    ("asked", "code", "text"),
    [
        (request("no", x=X), "FAILED_PRECONDITION", 'key "no" not found.'),
        (request(version=9, x=X), "NOT_FOUND", "Specific(tiny, 9)"),
        (
            request(y=X),
            "INVALID_ARGUMENT",
            "Sent extra: {y}. Missing but required: {x}.",
        ),
        (request(x=IDS), "INVALID_ARGUMENT", "x to be float32 but int32 is provided"),
        (request(x=with_shape(2 * 10**8)), "INVALID_ARGUMENT", "200000000"),
        (request(x=with_shape(-1)), "INVALID_ARGUMENT", " -1"),
        (
            request(x=with_shape(7, tensor_content=b"1234")),
            "INVALID_ARGUMENT",
            "tensor parsing error",
        ),
        (request(x=X, filter_=["z"]), "INVALID_ARGUMENT", "not found in signature: z"),
        (
            request(x=np.ones(51, "float32")),
            "INVALID_ARGUMENT",
            "51 rows",
        ),
    ],
)
def test_refused(stub, asked, code, text):
    with pytest.raises(grpc.RpcError) as raised:
        stub.Predict(asked, timeout=30)
    assert raised.value.code().name == code
    assert text in raised.value.details()
    answer = stub.Predict(request(x=X), timeout=30).outputs["y"]
    assert tf.make_ndarray(answer).tolist() == [3]


def test_output_filter(stub):
    asked = request("two", ids=IDS, lengths=np.array([2], "int32"), filter_=["b"])
    response = stub.Predict(asked, timeout=30)
    assert list(response.outputs) == ["b"]
    assert response.model_spec.version.value == 2


@pytest.mark.parametrize(
    ("method", "asked"),
    [
        ("Regress", regression_pb2.RegressionRequest()),
        (
            "GetModelMetadata",
            get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["labels"]),
        ),
    ],
)
def test_other_methods_refuse_with_a_text(stub, method, asked):
    asked.model_spec.name = "tiny"
    asked.model_spec.signature_name = "regress"
    with pytest.raises(grpc.RpcError) as raised:
        getattr(stub, method)(asked, timeout=30)
    assert raised.value.code().name == "INVALID_ARGUMENT"
    assert raised.value.details()
