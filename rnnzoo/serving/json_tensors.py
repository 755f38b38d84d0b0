"""Tensors in JSON: the `instances` and `inputs` of TensorFlow Serving's REST API.

Formats and error messages are those of its util/json_tensor.cc.
"""

import base64
import binascii
from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from rnnzoo.serving.errors import ServingError, invalid
from rnnzoo.serving.json_body import shown, type_name
from rnnzoo.serving.loaded_version import Tensors

Dtypes = Mapping[str, tf.DType]
_NAMES = {tf.float32: "float", tf.float64: "double"}  # Names in error messages.
_FLOATS = {tf.float32, tf.float64}
_INTEGERS = {tf.int8, tf.int16, tf.int32, tf.uint8, tf.int64, tf.uint32, tf.uint64}
_MAX_RANK = 8
_SUPPORTED = {*_FLOATS, *_INTEGERS, tf.bool, tf.string}


def request_tensors(body: dict, dtypes: Dtypes) -> tuple[Tensors, bool]:
    """Returns the inputs of a predict request.

    Args:
        body: Body of the request: `instances` (rows) or `inputs` (whole tensors).
        dtypes: Dtype of each input of the signature.

    Returns:
        Arrays by name, and whether the request has rows.

    Raises:
        ServingError: INVALID_ARGUMENT if the body does not fit the signature.

    >>> request_tensors({"instances": [[1, 2], [3, 4]]}, {"ids": tf.int32})[0]
    {'ids': array([[1, 2],
           [3, 4]], dtype=int32)}
    """
    row = "instances" in body
    if row and "inputs" in body:
        raise invalid(
            f"JSON Value: {shown(body)} Not formatted correctly expecting only one of "
            "'inputs' or 'instances' keys to exist "
        )
    if row:
        return _from_rows(body, dtypes), True
    if "inputs" not in body:
        raise invalid("Missing 'inputs' or 'instances' key")
    return _from_columns(body["inputs"], dtypes), False


def response_body(outputs: Tensors, row: bool) -> dict:
    """Returns the response to a predict request: outputs by name, or a single output.

    Args:
        outputs: Arrays by name.
        row: Whether to respond row by row.

    Raises:
        ServingError: INVALID_ARGUMENT if outputs cannot be split into rows.

    >>> response_body({"label": np.array([b"good"], object)}, row=True)
    {'predictions': ['good']}
    """
    columns = {name: _json_values(name, value) for name, value in outputs.items()}
    only = next(iter(columns)) if len(columns) == 1 else None
    if not row:
        return {"outputs": columns[only] if only else columns}
    size = None
    for name, value in outputs.items():
        if value.ndim == 0:
            raise invalid(f"Tensor name: {name} has no shape information ")
        if size not in (None, len(value)):
            raise invalid(
                f"Tensor name: {name} has inconsistent batch size: {len(value)} "
                f"expecting: {size}"
            )
        size = len(value)
    if only:
        return {"predictions": columns[only]}
    rows = zip(*columns.values(), strict=True)
    return {"predictions": [dict(zip(columns, values, strict=True)) for values in rows]}


def as_bytes(value: object) -> bytes:
    """Returns the bytes of a JSON string or of `{"b64": "..."}`.

    Raises:
        ServingError: INVALID_ARGUMENT if the value is neither.
    """
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape")
    if not is_base64(value):
        raise invalid(
            f"JSON Value: {shown(value)} not formatted correctly for base64 data"
        )
    try:
        text = "".join(value["b64"].split())
        # Padding may be missing, but not wrong.
        missing = -len(text) % 4 if "=" not in text else 0
        return base64.b64decode(text + "=" * missing, validate=True)
    except (binascii.Error, ValueError):
        raise invalid("Unable to base64 decode") from None


def is_base64(value: object) -> bool:
    """Returns whether a value is `{"b64": "..."}`, the JSON form of bytes.

    >>> is_base64({"b64": "QQ=="}), is_base64({"text": "A"})
    (True, False)
    """
    has_key = isinstance(value, dict) and value.keys() == {"b64"}
    return has_key and isinstance(value["b64"], str)


def _from_rows(body: dict, dtypes: Dtypes) -> Tensors:
    items = body["instances"]
    if not isinstance(items, list):
        raise invalid(
            f"JSON Value: {shown(body)} Expecting 'instances' to be an list/array"
        )
    if not items:
        raise invalid(f"JSON Value: {shown(body)} No values in 'instances' array")
    named = _is_named(items[0])
    if len(dtypes) > 1 and not named:
        raise invalid(
            "instances is a plain list, but expecting list of objects as multiple "
            "input tensors required as per tensorinfo_map"
        )
    rows = {name: [] for name in dtypes}
    for i, item in enumerate(items):
        if _is_named(item) != named:
            expected, got = ("object", "list") if named else ("value/list", "object")
            raise invalid(
                f"Expecting {expected} but got {got} at item {i} of input list"
            )
        for name, value in (item if named else {next(iter(dtypes)): item}).items():
            try:
                _add_row(rows, name, value, dtypes)
            except ServingError as error:
                key = f" key: {name}" if named else ""
                raise invalid(
                    f"Failed to process element: {i}{key} of 'instances' list. Error: "
                    f"{error.code}: {error}"
                ) from error
        if named and item.keys() != dtypes.keys():
            raise invalid(
                f"Failed to process element: {i} of 'instances' list. JSON object: "
                f"{shown(item)} keys must be equal to: {','.join(sorted(dtypes))}"
            )
    return {name: np.stack(arrays) for name, arrays in rows.items()}


def _add_row(rows, name, value, dtypes):
    if name not in dtypes:
        raise invalid(f"JSON object: does not have named input: {name}")
    array = tensor(value, dtypes[name])
    if rows[name]:
        first = rows[name][0]
        if array.size != first.size:
            raise invalid(f"Expecting tensor size: {first.size} but got: {array.size}")
        if array.shape != first.shape:
            raise invalid(
                f"Expecting shape {shown_shape(first)} but got: {shown_shape(array)}"
            )
    rows[name].append(array)


def _from_columns(inputs: object, dtypes: Dtypes) -> Tensors:
    if not _is_named(inputs):
        if len(dtypes) > 1:
            raise invalid(
                "inputs is a plain value/list, but expecting an object as multiple "
                "input tensors required as per tensorinfo_map"
            )
        inputs = {next(iter(dtypes)): inputs}
    for name in sorted(dtypes):
        if name not in inputs:
            raise invalid(f"Missing named input: {name} in 'inputs' object.")
    return {name: tensor(inputs[name], dtype) for name, dtype in dtypes.items()}


def _is_named(value):
    return isinstance(value, dict) and not is_base64(value)


def tensor(value: object, dtype: tf.DType) -> np.ndarray:
    """Returns nested lists as an array with the shape of their first items.

    Raises:
        ServingError: If an item has another shape or type.
    """
    shape, first = [], value
    while isinstance(first, list):
        shape.append(len(first))
        first = first[0] if first else None
    if len(shape) > _MAX_RANK:
        raise invalid(f"Expected at most {_MAX_RANK} dimensions, got {len(shape)}.")
    leaves = []
    _collect(value, 0, shape, dtype, leaves)
    return np.array(leaves, dtype.as_numpy_dtype).reshape(shape)


def _collect(value, level, shape, dtype, leaves):
    if not isinstance(value, list):
        if level != len(shape):
            raise invalid(
                f"JSON Value: {shown(value)} found at incorrect level: {level + 1} in "
                f"the JSON DOM. Expected at level: {len(shape)}"
            )
        leaves.append(_leaf(value, dtype))
        return
    if level >= len(shape):
        raise invalid(
            f"Encountered list at unexpected level: {level} expected < {len(shape)}"
        )
    if len(value) != shape[level]:
        raise invalid(
            f"Encountered list at unexpected size: {len(value)} at level: {level} "
            f"expected size: {shape[level]}"
        )
    for item in value:
        _collect(item, level + 1, shape, dtype, leaves)


def _leaf(value, dtype):
    if dtype not in _SUPPORTED:
        message = f"Conversion of JSON Value: {shown(value)} to type: {dtype.name}"
        raise ServingError("UNIMPLEMENTED", message)
    if dtype == tf.string and isinstance(value, (str, dict)):
        return as_bytes(value)
    if _fits(value, dtype):
        return value
    raise invalid(
        f"JSON Value: {shown(value)} Type: {type_name(value)} is not of expected type: "
        f"{_NAMES.get(dtype, dtype.name)}"
    )


def _fits(value, dtype):
    if dtype == tf.bool or isinstance(value, bool):
        return dtype == tf.bool and isinstance(value, bool)
    if dtype in _FLOATS:
        return isinstance(value, (int, float))
    is_integer = dtype in _INTEGERS and isinstance(value, int)
    return is_integer and dtype.min <= value <= dtype.max


def shown_shape(array: np.ndarray) -> str:
    """Returns a shape for an error message, such as "[2,3]"."""
    return f"[{','.join(map(str, array.shape))}]"


def _json_values(name: str, array: np.ndarray) -> object:
    values, kind = array.tolist(), array.dtype.kind
    if kind in "iub":
        return values
    if kind in "OS":
        return _map(values, _as_base64 if name.endswith("_bytes") else _as_text)
    if kind == "f" and array.dtype.itemsize >= 4:
        return _map(values, lambda value: _shortest(value, array.dtype.type))
    raise invalid(f"Failed to write JSON value for tensor type: {array.dtype.name}")


def _map(value, function):
    if isinstance(value, list):
        return [_map(item, function) for item in value]
    return function(value)


def _as_text(value):
    return value.decode("utf-8", "surrogateescape")


def _as_base64(value):
    return {"b64": base64.b64encode(value).decode()}


def _shortest(value, dtype):
    """Returns a float with no more digits than its dtype has: 0.2, not 0.200000003."""
    short = float(f"{value:.6g}")
    if dtype(short) == dtype(value):
        return short
    return float(f"{value:.{9 if dtype == np.float32 else 17}g}")
