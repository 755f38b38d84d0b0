"""The warm-up file, read with TensorFlow Serving's own messages."""

import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2

from rnnzoo.export.warmup import FILE, write_warmup

TEXTS = np.array([b"", "ça".encode(), b"long " * 100], object)


def test_requests_as_a_server_reads_them(tmp_path):
    ids = {"ids": np.array([[1, 2]], "int32"), "lengths": np.array([2], "int32")}
    requests = [("serving_default", {"text": TEXTS}), ("tokens", ids)]
    write_warmup(tmp_path, "film", requests)
    records = tf.data.TFRecordDataset(str(tmp_path / FILE)).as_numpy_iterator()
    for record, (name, inputs) in zip(records, requests, strict=True):
        log = prediction_log_pb2.PredictionLog.FromString(record)
        assert log.WhichOneof("log_type") == "predict_log"
        request = log.predict_log.request
        assert (request.model_spec.name, request.model_spec.signature_name) == (
            "film",
            name,
        )
        assert set(request.inputs) == set(inputs)
        for key, value in inputs.items():
            np.testing.assert_array_equal(tf.make_ndarray(request.inputs[key]), value)
