"""The requests that TensorFlow Serving sends itself when it loads a model.

The first request to a graph takes up to a hundred times as long as the next ones.
The file holds `tensorflow.serving.PredictionLog` messages, whose few fields are
written out here: its Python package is needed by nobody else.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import tensorflow as tf

from rnnzoo.export.signature import Request

FILE = Path("assets.extra", "tf_serving_warmup_requests")
# Field numbers in tensorflow_serving/apis, files named in the comments.
_PREDICT_LOG = 6  # prediction_log.proto: PredictionLog.predict_log
_REQUEST = 1  # PredictLog.request
_MODEL_SPEC, _INPUTS = 1, 2  # predict.proto: PredictRequest
_NAME, _SIGNATURE_NAME = 1, 3  # model.proto: ModelSpec
_KEY, _VALUE = 1, 2  # of an entry of a map


def write_warmup(
    path: str | Path, model_name: str, requests: Iterable[tuple[str, Request]]
) -> None:
    """Writes the warm-up file of a SavedModel.

    Args:
        path: the directory of the SavedModel.
        model_name: the name that it is served under.
        requests: names of signatures, each with a request.
    """
    file = Path(path) / FILE
    file.parent.mkdir(exist_ok=True)
    with tf.io.TFRecordWriter(str(file)) as writer:
        for signature, request in requests:
            writer.write(prediction_log(model_name, signature, request))


def prediction_log(model_name: str, signature: str, request: Request) -> bytes:
    """A request to a signature, as a serialized `PredictionLog`."""
    spec = _field(_NAME, model_name.encode())
    spec += _field(_SIGNATURE_NAME, signature.encode())
    message = _field(_MODEL_SPEC, spec)
    for name, value in request.items():
        message += _field(_INPUTS, _entry(name, value))
    return _field(_PREDICT_LOG, _field(_REQUEST, message))


def _entry(name: str, value: np.ndarray) -> bytes:
    tensor = tf.make_tensor_proto(value).SerializeToString()
    return _field(_KEY, name.encode()) + _field(_VALUE, tensor)


def _field(number: int, payload: bytes) -> bytes:
    """A field that holds text, bytes or another message (wire type 2)."""
    return bytes([number << 3 | 2]) + _varint(len(payload)) + payload


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the high bit says that more follow."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])
