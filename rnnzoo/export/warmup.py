"""Warm-up requests that TensorFlow Serving runs when it loads a model.

The first request to a graph takes up to a hundred times as long as later ones. The
file holds `tensorflow.serving.PredictionLog` messages. They are encoded here, so that
exports do not need the Python package of TensorFlow Serving.
"""

from collections.abc import Iterable
from pathlib import Path

import tensorflow as tf

from rnnzoo.export.signature import Request

FILE = Path("assets.extra", "tf_serving_warmup_requests")
# Field numbers of the messages in tensorflow_serving/apis.
_PREDICT_LOG = 6  # prediction_log.proto: PredictionLog.predict_log
_REQUEST = 1  # PredictLog.request
_MODEL_SPEC, _INPUTS = 1, 2  # predict.proto: PredictRequest
_NAME, _SIGNATURE_NAME = 1, 3  # model.proto: ModelSpec
_KEY, _VALUE = 1, 2  # Entry of a map


def write_warmup(
    path: str | Path, model_name: str, requests: Iterable[tuple[str, Request]]
) -> None:
    """Writes the warm-up file of a SavedModel.

    Args:
        path: Directory of the SavedModel.
        model_name: Name of the served model.
        requests: Pairs of a signature's name and a request.
    """
    file = Path(path) / FILE
    file.parent.mkdir(exist_ok=True)
    with tf.io.TFRecordWriter(str(file)) as writer:
        for signature, request in requests:
            writer.write(prediction_log(model_name, signature, request))


def prediction_log(model_name: str, signature: str, request: Request) -> bytes:
    """Returns a request to a signature as a serialized `PredictionLog`."""
    spec = _field(_NAME, model_name.encode())
    spec += _field(_SIGNATURE_NAME, signature.encode())
    message = _field(_MODEL_SPEC, spec)
    for name, value in request.items():
        tensor = tf.make_tensor_proto(value).SerializeToString()
        entry = _field(_KEY, name.encode()) + _field(_VALUE, tensor)
        message += _field(_INPUTS, entry)
    return _field(_PREDICT_LOG, _field(_REQUEST, message))


def _field(number: int, payload: bytes) -> bytes:
    """Returns a field with text, bytes or another message (wire type 2)."""
    return bytes([number << 3 | 2]) + _varint(len(payload)) + payload


def _varint(value: int) -> bytes:
    """Returns an integer in groups of 7 bits; the high bit says that more follow."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])
