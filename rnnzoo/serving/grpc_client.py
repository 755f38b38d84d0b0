"""`GrpcClient`: the same as `Client`, over gRPC."""

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
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
    regression_pb2,
)

from rnnzoo.answers import answer_rows
from rnnzoo.serving.client import Row, no_server, row_list
from rnnzoo.serving.errors import ServingError, invalid
from rnnzoo.serving.json_body import message_as_json
from rnnzoo.serving.json_examples import request_examples


class GrpcClient(AbstractContextManager):
    """Asks one model of a server over gRPC; methods and errors as in `Client`.

    Args:
        address: host and port of its gRPC services, "localhost:8500".
        model: the model's name.
        version: which of its versions answers; by default the newest.
        timeout: seconds to wait for an answer.
        retries: how often a request is repeated that the server answers with
            UNAVAILABLE, at most 4.
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
        stub = prediction_service_pb2_grpc.PredictionServiceStub(self._channel)
        self._predictions = stub
        self._models = model_service_pb2_grpc.ModelServiceStub(self._channel)
        self._inputs = {}

    def predict(
        self, rows: Row | Sequence[Row], signature: str = "serving_default"
    ) -> list:
        """See `Client.predict`."""
        rows = row_list(rows)
        request = predict_pb2.PredictRequest()
        self._tell(request.model_spec, signature)
        for name, dtype in self._input_types(signature).items():
            request.inputs[name].CopyFrom(_column(rows, name, dtype))
        response = self._call(self._predictions.Predict, request)
        outputs = {k: tf.make_ndarray(v) for k, v in response.outputs.items()}
        answers = answer_rows(outputs)
        return (
            [next(iter(a.values())) for a in answers] if len(outputs) == 1 else answers
        )

    def classify(
        self, examples: Sequence[Mapping[str, object]], signature: str = "classify"
    ) -> list[list[tuple[str, float]]]:
        """See `Client.classify`."""
        request = classification_pb2.ClassificationRequest()
        self._fill(request, examples, signature)
        response = self._call(self._predictions.Classify, request)
        return [
            [(each.label, each.score) for each in row.classes]
            for row in response.result.classifications
        ]

    def regress(
        self, examples: Sequence[Mapping[str, object]], signature: str = "regress"
    ) -> list[float]:
        """See `Client.regress`."""
        request = regression_pb2.RegressionRequest()
        self._fill(request, examples, signature)
        response = self._call(self._predictions.Regress, request)
        return [each.value for each in response.result.regressions]

    def status(self) -> dict[int, str]:
        """See `Client.status`."""
        request = get_model_status_pb2.GetModelStatusRequest()
        self._tell(request.model_spec)
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
            metadata_field=["signature_def"]
        )
        self._tell(request.model_spec)
        response = self._call(self._predictions.GetModelMetadata, request)
        found = get_model_metadata_pb2.SignatureDefMap()
        response.metadata["signature_def"].Unpack(found)
        return found

    def _input_types(self, signature: str) -> dict[str, int]:
        """The types of a signature's inputs, which the server tells once."""
        if signature not in self._inputs:
            found = self._signatures().signature_def
            if signature not in found:
                raise ServingError(
                    "FAILED_PRECONDITION",
                    f'Serving signature key "{signature}" not found. It has: '
                    f"{', '.join(sorted(found))}.",
                )
            inputs = found[signature].inputs
            self._inputs[signature] = {k: v.dtype for k, v in inputs.items()}
        return self._inputs[signature]

    def _fill(self, request, examples, signature):
        self._tell(request.model_spec, signature)
        for serialized in request_examples({"examples": list(examples)})["inputs"]:
            request.input.example_list.examples.add().ParseFromString(serialized)

    def _tell(self, spec, signature=""):
        spec.name = self._model
        spec.signature_name = signature
        if self._version is not None:
            spec.version.value = self._version

    def _call(self, method, request):
        try:
            return method(request, timeout=self._timeout)
        except grpc.RpcError as error:
            text = error.details() or ""
            if "failed to connect" in text:
                raise no_server(self.address) from error
            # In gRPC's own words; a server that gave up has others.
            if text == "Deadline Exceeded":
                raise TimeoutError(
                    f"{self.address} did not answer within {self._timeout:g} seconds."
                ) from error
            raise ServingError(error.code().name, text) from error


def _column(rows, name, dtype):
    """One input of all rows."""
    try:
        values = [row[name] if isinstance(row, Mapping) else row for row in rows]
        array = np.array(values, tf.as_dtype(dtype).as_numpy_dtype)
        return tf.make_tensor_proto(array, dtype)
    except KeyError:
        raise invalid(f"A row has no input {name!r}.") from None
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
