"""Classify and regress in JSON: examples in, results out.

Formats and error texts are those of TensorFlow Serving's util/json_tensor.cc and
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

_COLUMNS = {
    "classes": (np.dtype(object), "DT_STRING"),
    "scores": (np.float32, "DT_FLOAT"),
}
_KINDS = {bytes: "bytes_list", float: "float_list", int: "int64_list"}


def request_examples(body: dict) -> Tensors:
    """The input of a classify or a regress request.

    Args:
        body: the request: `examples`, a list of objects of features, and perhaps
            `context`, features that all of them share.

    Returns:
        `inputs`: serialized `tf.train.Example`s, string `(batch,)`.

    Raises:
        ServingError: INVALID_ARGUMENT, if there are none.
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
    # One message after the other is their union, what stands later wins.
    rows = [context + _serialized(example) for example in examples]
    return {"inputs": np.array(rows, object)}


def check_method(method: str, signature: str, definition: SignatureDef | None) -> None:
    """Raises a ServingError if a signature is not of the shape that a method needs.

    Args:
        method: "classify" or "regress".
        signature: the signature's name.
        definition: its inputs and outputs; `None` if there is none of that name.
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
    """The answer: for each example a number, or a list of labels with scores.

    >>> results_body("regress", {"outputs": np.array([0.5, 0.25], "float32")}, batch=2)
    {'results': [0.5, 0.25]}
    """
    if method == "regress":
        numbers = regression_values(outputs, batch)
        return {"results": response_body({"outputs": numbers}, row=False)["outputs"]}
    classes, scores = classification_columns(outputs, batch)
    columns = response_body({"label": classes, "score": scores}, row=False)["outputs"]
    rows = zip(columns["label"], columns["score"], strict=True)
    return {"results": [list(map(list, zip(*row, strict=True))) for row in rows]}


def classification_columns(
    outputs: Tensors, batch: int
) -> tuple[np.ndarray, np.ndarray]:
    """Labels and scores `(batch, classes)`; what is missing is "" or 0.

    Raises:
        ServingError: INVALID_ARGUMENT, if they are not of that type and shape.
    """
    found = {name: outputs[name] for name in _COLUMNS if name in outputs}
    for name, value in found.items():
        kind, called = _COLUMNS[name]
        if value.ndim != 2:
            raise invalid(
                "Expected Tensor shape: [batch_size num_classes] but got "
                f"{shown_shape(value)}"
            )
        if value.dtype != kind:
            got = tf.as_dtype(value.dtype).name.upper()
            raise invalid(f"Expected {name} Tensor of {called}. Got: DT_{got}")
        if len(value) != batch:
            raise invalid(
                f"Expected {name} output batch size of {batch}. Got: {len(value)}"
            )
    widths = {name: value.shape[1] for name, value in found.items()}
    if len(set(widths.values())) > 1:
        raise invalid(
            "Tensors class and score should match in dim_size(1). Got "
            f"{widths['classes']} vs. {widths['scores']}"
        )
    shape = next(iter(found.values())).shape
    return (
        found.get("classes", np.full(shape, b"", object)),
        found.get("scores", np.zeros(shape, "float32")),
    )


def regression_values(outputs: Tensors, batch: int) -> np.ndarray:
    """The number of each example, `(batch,)`.

    Raises:
        ServingError: INVALID_ARGUMENT, if they are not of that type and shape.
    """
    values = outputs["outputs"]
    if values.ndim not in (1, 2) or values.shape[1:] not in ((), (1,)):
        raise invalid(
            "Expected output Tensor shape to be either [batch_size] or "
            f"[batch_size, 1] but got {shown_shape(values)}"
        )
    if values.dtype != np.float32:
        got = tf.as_dtype(values.dtype).name.upper()
        raise invalid(f"Expected output Tensor of DT_FLOAT.  Got: DT_{got}")
    if len(values) != batch:
        raise invalid(
            "Input batch size did not match output batch size: "
            f"{batch} vs. {len(values)}"
        )
    return values.reshape(-1)


def _serialized(features: object) -> bytes:
    if not isinstance(features, dict):
        raise invalid(f"Example must be JSON object but got JSON {type_name(features)}")
    example = tf.train.Example()
    for name, value in features.items():
        try:
            feature = example.features.feature[name]
        except ValueError:
            raise invalid(f"The name of a feature is no UTF-8: {shown(name)}") from None
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
    kind, before = _KINDS[type(element)], feature.WhichOneof("kind")
    if before not in (None, kind):
        expected = before.removesuffix("_list")
        raise invalid(
            f"Unexpected element type in feature: {name} expecting type: {expected}"
        )
    try:
        getattr(feature, kind).value.append(element)
    except ValueError:
        raise invalid(
            f"Feature: {name} has uint64_t element. Only int64_t is supported."
        ) from None
