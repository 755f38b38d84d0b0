"""TensorFlow Serving's gRPC services, for the same models as the REST API."""

import contextlib
import logging
import math

import grpc
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

from rnnzoo.serving.batcher import Batcher
from rnnzoo.serving.errors import ServingError, invalid
from rnnzoo.serving.json_examples import (
    check_method,
    classification_columns,
    regression_values,
)
from rnnzoo.serving.loaded_version import DEFAULT_SIGNATURE, LoadedVersion
from rnnzoo.serving.models import Models

_LOG = logging.getLogger(__name__)
_METADATA = "signature_def"


def grpc_server(
    models: Models, batcher: Batcher, address: str
) -> tuple[grpc.aio.Server, int]:
    """Returns a server that is not started yet, and the port that it will listen on.

    Args:
        models: Models to serve.
        batcher: Batcher that runs the models.
        address: Host and port to listen on.
    """
    options = [
        ("grpc.max_receive_message_length", batcher.limits.max_body),
        ("grpc.so_reuseport", 0),  # A port that is in use is an error.
    ]
    server = grpc.aio.server(options=options)
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
        PredictionService(models, batcher), server
    )
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(
        ModelService(models), server
    )
    return server, server.add_insecure_port(address)


class PredictionService(prediction_service_pb2_grpc.PredictionServiceServicer):
    """Service with Predict, Classify, Regress and GetModelMetadata."""

    def __init__(self, models: Models, batcher: Batcher):
        self.models = models
        self.batcher = batcher

    async def Predict(self, request, context):
        async with _as_status(context):
            version, signature = _version_and_signature(self.models, request)
            if signature not in version.signature_defs:
                message = f'Serving signature key "{signature}" not found.'
                raise ServingError("FAILED_PRECONDITION", message)
            infos = version.signature_defs[signature].inputs
            inputs = self._arrays(request.inputs, infos)
            outputs = await self.batcher.run(version, signature, inputs)
            response = predict_pb2.PredictResponse()
            response.model_spec.CopyFrom(_model_spec(version, signature))
            for name in request.output_filter or outputs:
                if name not in outputs:
                    raise invalid(f"output tensor alias not found in signature: {name}")
                response.outputs[name].CopyFrom(tf.make_tensor_proto(outputs[name]))
            return response

    async def Classify(self, request, context):
        async with _as_status(context):
            response = classification_pb2.ClassificationResponse()
            outputs = await self._answer("classify", request, response)
            columns = map(list, classification_columns(*outputs))
            for labels, scores in zip(*columns, strict=True):
                row = response.result.classifications.add()
                for label, score in zip(labels, scores, strict=True):
                    row.classes.add(label=label.decode("utf-8", "replace"), score=score)
            return response

    async def Regress(self, request, context):
        async with _as_status(context):
            response = regression_pb2.RegressionResponse()
            outputs = await self._answer("regress", request, response)
            for value in regression_values(*outputs):
                response.result.regressions.add(value=value)
            return response

    async def GetModelMetadata(self, request, context):
        async with _as_status(context):
            fields = list(request.metadata_field)
            if fields != [_METADATA]:
                raise invalid(f"`metadata_field` must be {[_METADATA]}, got {fields}.")
            version, _ = _version_and_signature(self.models, request)
            signatures = get_model_metadata_pb2.SignatureDefMap(
                signature_def=version.signature_defs
            )
            response = get_model_metadata_pb2.GetModelMetadataResponse(
                model_spec=_model_spec(version)
            )
            response.metadata[_METADATA].Pack(signatures)
            return response

    async def _answer(self, method, request, response):
        """Returns the outputs and the number of examples, and fills in the version."""
        version, signature = _version_and_signature(self.models, request)
        check_method(method, signature, version.signature_defs.get(signature))
        examples = tf.constant(_serialized_examples(request.input)).numpy()
        outputs = await self.batcher.run(version, signature, {"inputs": examples})
        response.model_spec.CopyFrom(_model_spec(version, signature))
        return outputs, len(examples)

    def _arrays(self, protos, infos):
        _check_names(protos, infos)
        for name, proto in protos.items():
            if proto.dtype != infos[name].dtype:
                dtypes = infos[name].dtype, proto.dtype
                expected, got = (tf.as_dtype(dtype).name for dtype in dtypes)
                raise invalid(f"Expects {name} to be {expected} but {got} is provided")
            # A small message can hold a large tensor: one value and its shape.
            size = math.prod(dim.size for dim in proto.tensor_shape.dim)
            limit = self.batcher.limits.max_body
            if not 0 <= size <= limit:
                raise invalid(
                    f"Expected at most {limit} values for {name}, got {size}."
                )
        try:
            return {name: tf.make_ndarray(proto) for name, proto in protos.items()}
        except (TypeError, ValueError) as error:
            raise invalid(f"tensor parsing error: {error}") from error


class ModelService(model_service_pb2_grpc.ModelServiceServicer):
    """Service with GetModelStatus."""

    def __init__(self, models: Models):
        self.models = models

    async def GetModelStatus(self, request, context):
        async with _as_status(context):
            spec = request.model_spec
            response = get_model_status_pb2.GetModelStatusResponse()
            for version, state in self.models.states(spec.name, _number(spec)).items():
                # Protocol buffers take the names of enum values.
                status = response.model_version_status.add(
                    version=version, state=state.state
                )
                status.status.error_message = state.error
                status.status.error_code = "UNKNOWN" if state.error else "OK"
            return response


@contextlib.asynccontextmanager
async def _as_status(context):
    """Ends the call with the status of an exception."""
    try:
        yield
    except ServingError as error:
        await context.abort(grpc.StatusCode[error.code], str(error))
    except grpc.aio.AbortError:
        raise
    except Exception as error:
        _LOG.exception("Cannot answer a request")
        message = f"{type(error).__name__}: {error}"
        await context.abort(grpc.StatusCode.INTERNAL, message)


def _version_and_signature(models: Models, request) -> tuple[LoadedVersion, str]:
    spec = request.model_spec
    version = models.get(spec.name, _number(spec), spec.version_label)
    return version, spec.signature_name or DEFAULT_SIGNATURE


def _number(spec) -> int | None:
    return spec.version.value if spec.HasField("version") else None


def _check_names(inputs, infos):
    sent, required = set(inputs), set(infos)
    if sent != required:
        raise invalid(
            f"input size does not match signature: {len(sent)}!={len(required)} "
            f"len({_joined(sent)}) != len({_joined(required)}). "
            f"Sent extra: {_joined(sent - required)}. "
            f"Missing but required: {_joined(required - sent)}."
        )


def _joined(names):
    return "{" + ",".join(sorted(names)) + "}"


def _serialized_examples(message) -> list[bytes]:
    """Returns the examples of an `Input`, each with the context that they share."""
    kind = message.WhichOneof("kind")
    if kind is None or not getattr(message, kind).examples:
        raise invalid("Input is empty.")
    context = message.example_list_with_context.context.SerializeToString()
    examples = getattr(message, kind).examples
    return [context + example.SerializeToString() for example in examples]


def _model_spec(version, signature=""):
    spec = model_pb2.ModelSpec(name=version.name, signature_name=signature)
    spec.version.value = version.version
    return spec
