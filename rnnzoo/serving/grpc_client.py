"""`GrpcClient`: sends requests to a server over gRPC."""

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

import grpc
import numpy as np
import tensorflow as tf
from tensorflow_serving.apis import (
    classification_pb2,
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
    regression_pb2,
)

from rnnzoo.answers import answer_rows
from rnnzoo.serving.client import Row, no_answer, no_server, row_list
from rnnzoo.serving.errors import ServingError, invalid
from rnnzoo.serving.json_body import message_as_json
from rnnzoo.serving.json_examples import request_examples


class GrpcClient(AbstractContextManager):
    """Client of one model of a server, over gRPC. Methods and errors are `Client`'s.

    Args:
        address: Host and port of the gRPC services, such as "localhost:8500".
        model: Name of the model.
        version: Version of the model; by default the newest.
        timeout: Seconds to wait for an answer.
        retries: Number of retries if the server is busy (UNAVAILABLE), at most 4.
    """

    def __init__(
        self,
        address: str,
        model: str,
        version: int | None = None,
        timeout: float = 30.0,
        retries: int = 3,
    ):
        self.address = address
        self._model = model
        self._version = version
        self._timeout = timeout
        self._channel = grpc.insecure_channel(
            address,
            options=[
                ("grpc.service_config", _retrying(retries)),
                ("grpc.enable_http_proxy", 0),
                ("grpc.max_receive_message_length", -1),
            ],
        )
        self._predictions = prediction_service_pb2_grpc.PredictionServiceStub(
            self._channel
        )
        self._models = model_service_pb2_grpc.ModelServiceStub(self._channel)
        self._input_dtypes = {}

    def predict(
        self, rows: Row | Sequence[Row], signature: str = "serving_default"
    ) -> list:
        """See `Client.predict`."""
        rows = row_list(rows)
        request = predict_pb2.PredictRequest(model_spec=self._model_spec(signature))
        for name, dtype in self._dtypes_of_inputs(signature).items():
            request.inputs[name].CopyFrom(_column(rows, name, dtype))
        response = self._call(self._predictions.Predict, request)
        outputs = {k: tf.make_ndarray(v) for k, v in response.outputs.items()}
        answers = answer_rows(outputs)
        if len(outputs) > 1:
            return answers
        return [value for answer in answers for value in answer.values()]

    def classify(
        self, examples: Sequence[Mapping[str, object]], signature: str = "classify"
    ) -> list[list[tuple[str, float]]]:
        """See `Client.classify`."""
        request = classification_pb2.ClassificationRequest()
        self._fill(request, examples, signature)
        response = self._call(self._predictions.Classify, request)
        rows = (row.classes for row in response.result.classifications)
        return [[(label.label, label.score) for label in labels] for labels in rows]

    def regress(
        self, examples: Sequence[Mapping[str, object]], signature: str = "regress"
    ) -> list[float]:
        """See `Client.regress`."""
        request = regression_pb2.RegressionRequest()
        self._fill(request, examples, signature)
        response = self._call(self._predictions.Regress, request)
        return [regression.value for regression in response.result.regressions]

    def status(self) -> dict[int, str]:
        """See `Client.status`."""
        request = get_model_status_pb2.GetModelStatusRequest(
            model_spec=self._model_spec()
        )
        response = self._call(self._models.GetModelStatus, request)
        name_of = get_model_status_pb2.ModelVersionStatus.State.Name
        return {s.version: name_of(s.state) for s in response.model_version_status}

    def close(self) -> None:
        """Closes the connection."""
        self._channel.close()

    def __exit__(self, *error) -> None:
        self.close()

    def metadata(self) -> dict:
        """See `Client.metadata`."""
        return message_as_json(self._signatures())["signature_def"]

    def _signatures(self):
        request = get_model_metadata_pb2.GetModelMetadataRequest(
            model_spec=self._model_spec(), metadata_field=["signature_def"]
        )
        response = self._call(self._predictions.GetModelMetadata, request)
        signatures = get_model_metadata_pb2.SignatureDefMap()
        response.metadata["signature_def"].Unpack(signatures)
        return signatures

    def _dtypes_of_inputs(self, signature: str) -> dict[str, int]:
        if signature not in self._input_dtypes:
            signatures = self._signatures().signature_def
            if signature not in signatures:
                raise ServingError(
                    "FAILED_PRECONDITION",
                    f'Serving signature key "{signature}" not found. The model has: '
                    f"{', '.join(sorted(signatures))}.",
                )
            inputs = signatures[signature].inputs
            self._input_dtypes[signature] = {k: v.dtype for k, v in inputs.items()}
        return self._input_dtypes[signature]

    def _fill(self, request, examples, signature):
        request.model_spec.CopyFrom(self._model_spec(signature))
        for serialized in request_examples({"examples": list(examples)})["inputs"]:
            request.input.example_list.examples.add().ParseFromString(serialized)

    def _model_spec(self, signature=""):
        spec = model_pb2.ModelSpec(name=self._model, signature_name=signature)
        if self._version is not None:
            spec.version.value = self._version
        return spec

    def _call(self, method, request):
        try:
            return method(request, timeout=self._timeout)
        except grpc.RpcError as error:
            text = error.details() or ""
            if "failed to connect" in text:
                raise no_server(self.address) from error
            # The client's own message; a server that gave up sends another one.
            if text == "Deadline Exceeded":
                raise no_answer(self.address, self._timeout) from error
            raise ServingError(error.code().name, text) from error


def _column(rows, name, dtype):
    try:
        values = [row[name] if isinstance(row, Mapping) else row for row in rows]
        array = np.array(values, tf.as_dtype(dtype).as_numpy_dtype)
        return tf.make_tensor_proto(array, dtype)
    except KeyError:
        raise invalid(f"Expected the input {name!r} in each row.") from None
    except (TypeError, ValueError) as error:
        raise invalid(f"The rows do not fit the input {name!r}: {error}") from error


def _retrying(retries: int) -> str:
    policy = {
        "maxAttempts": retries + 1,
        "initialBackoff": "0.2s",
        "maxBackoff": "2s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    method = {"name": [{}], "retryPolicy": policy}
    return json.dumps({"methodConfig": [method] if retries else []})
