"""Classify and regress requests in JSON.

Formats and error messages are those of TensorFlow Serving's util/json_tensor.cc and
servables/tensorflow/{classifier,regressor}.cc.
"""

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf.meta_graph_pb2 import SignatureDef

from rnnzoo.serving.errors import invalid
from rnnzoo.serving.json_body import shown, type_name
from rnnzoo.serving.json_tensors import (
    Tensors,
    as_bytes,
    is_base64,
    response_body,
    shown_shape,
)

_OUTPUTS = {"classes": tf.string, "scores": tf.float32}
_KINDS = {bytes: "bytes_list", float: "float_list", int: "int64_list"}


def request_examples(body: dict) -> Tensors:
    """Returns the input of a classify or a regress request.

    Args:
        body: Body of the request: `examples`, a list of objects of features, and
            optionally `context`, the features that they share.

    Returns:
        `inputs`: serialized `tf.train.Example`s, string `(batch,)`.

    Raises:
        ServingError: INVALID_ARGUMENT if examples are missing or invalid.
    """
    context = _serialized(body["context"]) if "context" in body else b""
    if "examples" not in body:
        raise invalid(
            f"JSON Value: {shown(body)} When method is classify, key 'examples' is "
            "expected and was not found"
        )
    examples = body["examples"]
    if not isinstance(examples, list):
        raise invalid(
            f"JSON Value: {shown(examples)} Expecting 'examples' value to be an "
            "list/array"
        )
    if not examples:
        raise invalid(
            f"JSON Value: {shown(examples)} 'examples' value is an empty array"
        )
    # Concatenated messages are merged; later features win.
    rows = [context + _serialized(example) for example in examples]
    return {"inputs": np.array(rows, object)}


def check_method(method: str, signature: str, definition: SignatureDef | None) -> None:
    """Raises a ServingError if a method cannot use a signature.

    Args:
        method: "classify" or "regress".
        signature: Name of the signature.
        definition: Its inputs and outputs; `None` if there is no such signature.
    """
    if definition is None:
        raise invalid(f"No signature was found with the name: {signature}")
    if len(definition.inputs) != 1:
        raise invalid("Expected one input Tensor.")
    kind = {"classify": "classification", "regress": "regression"}[method]
    if "inputs" not in definition.inputs:
        raise invalid(f"No {kind} inputs found in SignatureDef: {definition}")
    count = len(definition.outputs)
    if method == "regress":
        if count != 1:
            raise invalid("Expected one output Tensor.")
        if "outputs" not in definition.outputs:
            raise invalid(f"No regression outputs found in SignatureDef: {definition}")
    elif count > 2:
        raise invalid(f"Expected one or two output Tensors, found {count}")
    elif not {"classes", "scores"} & definition.outputs.keys():
        raise invalid(
            "Expected classification signature outputs to contain at least one of "
            f'"classes" or "scores". Signature was: {definition}'
        )


def results_body(method: str, outputs: Tensors, batch: int) -> dict:
    """Returns the response: for each example a number, or labels with scores.

    >>> results_body("regress", {"outputs": np.array([0.5, 0.25], "float32")}, batch=2)
    {'results': [0.5, 0.25]}
    """
    if method == "regress":
        numbers = regression_values(outputs, batch)
        return {"results": response_body({"outputs": numbers}, row=False)["outputs"]}
    classes, scores = classification_columns(outputs, batch)
    columns = response_body({"label": classes, "score": scores}, row=False)["outputs"]
    rows = zip(columns["label"], columns["score"], strict=True)
    results = [[list(pair) for pair in zip(*row, strict=True)] for row in rows]
    return {"results": results}


def classification_columns(
    outputs: Tensors, batch: int
) -> tuple[np.ndarray, np.ndarray]:
    """Returns labels and scores `(batch, classes)`. A missing output is all "" or 0.

    Raises:
        ServingError: INVALID_ARGUMENT if they have another dtype or shape.
    """
    columns = {name: outputs[name] for name in _OUTPUTS if name in outputs}
    for name, value in columns.items():
        if value.ndim != 2:
            raise invalid(
                "Expected Tensor shape: [batch_size num_classes] but got "
                f"{shown_shape(value)}"
            )
        if value.dtype != _OUTPUTS[name].as_numpy_dtype:
            expected, got = _dtype_name(_OUTPUTS[name]), _dtype_name(value.dtype)
            raise invalid(f"Expected {name} Tensor of {expected}. Got: {got}")
        if len(value) != batch:
            raise invalid(
                f"Expected {name} output batch size of {batch}. Got: {len(value)}"
            )
    shape = next(iter(columns.values())).shape
    classes = columns.get("classes", np.full(shape, b"", object))
    scores = columns.get("scores", np.zeros(shape, "float32"))
    if classes.shape != scores.shape:
        raise invalid(
            "Tensors class and score should match in dim_size(1). Got "
            f"{classes.shape[1]} vs. {scores.shape[1]}"
        )
    return classes, scores


def regression_values(outputs: Tensors, batch: int) -> np.ndarray:
    """Returns the number of each example, `(batch,)`.

    Raises:
        ServingError: INVALID_ARGUMENT if they have another dtype or shape.
    """
    values = outputs["outputs"]
    if values.ndim not in (1, 2) or values.shape[1:] not in ((), (1,)):
        raise invalid(
            "Expected output Tensor shape to be either [batch_size] or "
            f"[batch_size, 1] but got {shown_shape(values)}"
        )
    if values.dtype != np.float32:
        got = _dtype_name(values.dtype)
        raise invalid(f"Expected output Tensor of DT_FLOAT.  Got: {got}")
    if len(values) != batch:
        raise invalid(
            "Input batch size did not match output batch size: "
            f"{batch} vs. {len(values)}"
        )
    return values.reshape(-1)


def _dtype_name(dtype) -> str:
    name = tf.as_dtype(dtype).name
    return f"DT_{name.upper()}"


def _serialized(features: object) -> bytes:
    if not isinstance(features, dict):
        raise invalid(f"Example must be JSON object but got JSON {type_name(features)}")
    example = tf.train.Example()
    for name, value in features.items():
        try:
            feature = example.features.feature[name]
        except ValueError:
            raise invalid(f"Feature name is invalid UTF-8: {shown(name)}") from None
        for element in value if isinstance(value, list) else [value]:
            _add(feature, name, element)
    return example.SerializeToString()


def _add(feature, name, element):
    if is_base64(element) or isinstance(element, str):
        element = as_bytes(element)
    elif isinstance(element, bool):
        element = int(element)
    if type(element) not in _KINDS:
        raise invalid(
            f"Feature: {name} has element with unexpected JSON type: "
            f"{type_name(element)}"
        )
    kind, previous = _KINDS[type(element)], feature.WhichOneof("kind")
    if previous not in (None, kind):
        expected = previous.removesuffix("_list")
        raise invalid(
            f"Unexpected element type in feature: {name} expecting type: {expected}"
        )
    try:
        getattr(feature, kind).value.append(element)
    except ValueError:
        raise invalid(
            f"Feature: {name} has uint64_t element. Only int64_t is supported."
        ) from None
