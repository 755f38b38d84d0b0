"""`warm_up`: runs the stored warm-up requests of a SavedModel."""

import logging
from pathlib import Path

import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2

from rnnzoo.serving.loaded_version import DEFAULT_SIGNATURE, LoadedVersion

_LOG = logging.getLogger(__name__)


def warm_up(version: LoadedVersion, path: str | Path) -> None:
    """Runs the requests that are stored with a SavedModel, if there are any.

    Args:
        version: Version that answers the requests.
        path: Directory of the SavedModel.
    """
    file = Path(path) / "assets.extra" / "tf_serving_warmup_requests"
    if not file.exists():
        return
    for record in tf.data.TFRecordDataset(str(file)).as_numpy_iterator():
        log = prediction_log_pb2.PredictionLog.FromString(record)
        if log.WhichOneof("log_type") != "predict_log":
            _LOG.info("Skipped a %s in %s", log.WhichOneof("log_type"), file)
            continue
        request = log.predict_log.request
        version.run(
            request.model_spec.signature_name or DEFAULT_SIGNATURE,
            {name: tf.make_ndarray(value) for name, value in request.inputs.items()},
        )
