"""TensorFlow Serving's gRPC services, over the same models as the REST API."""

import contextlib
import logging
import math

import grpc
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
    """A server that is not started yet, and the port that it will listen on.

    Args:
        models: what is served.
        batcher: runs it.
        address: host and port to listen on.
    """
    size = batcher.limits.max_body
    options = {
        "grpc.max_receive_message_length": size,
        "grpc.so_reuseport": 0,  # A port that is taken is an error.
    }
    server = grpc.aio.server(options=list(options.items()))
    predictions = PredictionService(models, batcher)
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
        predictions, server
    )
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(
        ModelService(models), server
    )
    return server, server.add_insecure_port(address)


class PredictionService(prediction_service_pb2_grpc.PredictionServiceServicer):
    """Predict, Classify, Regress and GetModelMetadata."""

    def __init__(self, models: Models, batcher: Batcher):
        self.models = models
        self.batcher = batcher

    async def Predict(self, request, context):
        async with _as_status(context):
            version, signature = _asked(self.models, request.model_spec)
            if signature not in version.signature_defs:
                raise ServingError(
                    "FAILED_PRECONDITION",
                    f'Serving signature key "{signature}" not found.',
                )
            inputs = self._arrays(
                request.inputs, version.signature_defs[signature].inputs
            )
            outputs = await self.batcher.run(version, signature, inputs)
            response = predict_pb2.PredictResponse()
            _tell_version(response.model_spec, version, signature)
            for name in request.output_filter or outputs:
                if name not in outputs:
                    raise invalid(f"output tensor alias not found in signature: {name}")
                response.outputs[name].CopyFrom(tf.make_tensor_proto(outputs[name]))
            return response

    async def Classify(self, request, context):
        async with _as_status(context):
            response = classification_pb2.ClassificationResponse()
            outputs = await self._answer("classify", request, response.model_spec)
            columns = map(list, classification_columns(*outputs))
            for labels, scores in zip(*columns, strict=True):
                row = response.result.classifications.add()
                for label, score in zip(labels, scores, strict=True):
                    row.classes.add(label=label.decode("utf-8", "replace"), score=score)
            return response

    async def Regress(self, request, context):
        async with _as_status(context):
            response = regression_pb2.RegressionResponse()
            outputs = await self._answer("regress", request, response.model_spec)
            for value in regression_values(*outputs):
                response.result.regressions.add(value=value)
            return response

    async def GetModelMetadata(self, request, context):
        async with _as_status(context):
            if list(request.metadata_field) != [_METADATA]:
                raise invalid(
                    f"`metadata_field` must be ['{_METADATA}'], got "
                    f"{list(request.metadata_field)}."
                )
            version, _ = _asked(self.models, request.model_spec)
            found = get_model_metadata_pb2.SignatureDefMap(
                signature_def=version.signature_defs
            )
            response = get_model_metadata_pb2.GetModelMetadataResponse()
            _tell_version(response.model_spec, version, "")
            response.metadata[_METADATA].Pack(found)
            return response

    async def _answer(self, method, request, answered_by):
        version, signature = _asked(self.models, request.model_spec)
        check_method(method, signature, version.signature_defs.get(signature))
        inputs = {"inputs": tf.constant(_serialized(request.input)).numpy()}
        outputs = await self.batcher.run(version, signature, inputs)
        _tell_version(answered_by, version, signature)
        return outputs, len(inputs["inputs"])

    def _arrays(self, protos, infos):
        _check_names(protos, infos)
        for name, proto in protos.items():
            if proto.dtype != infos[name].dtype:
                wanted, got = (
                    tf.as_dtype(t).name for t in (infos[name].dtype, proto.dtype)
                )
                raise invalid(f"Expects {name} to be {wanted} but {got} is provided")
            # Few bytes can stand for many: one value and a large shape.
            size = math.prod(dim.size for dim in proto.tensor_shape.dim)
            if not 0 <= size <= self.batcher.limits.max_body:
                raise invalid(f"{name} has {size} values, which are too many.")
        try:
            return {name: tf.make_ndarray(proto) for name, proto in protos.items()}
        except (TypeError, ValueError) as error:
            raise invalid(f"tensor parsing error: {error}") from error


class ModelService(model_service_pb2_grpc.ModelServiceServicer):
    """GetModelStatus."""

    def __init__(self, models: Models):
        self.models = models

    async def GetModelStatus(self, request, context):
        async with _as_status(context):
            spec = request.model_spec
            response = get_model_status_pb2.GetModelStatusResponse()
            for version, state in self.models.states(spec.name, _number(spec)).items():
                told = response.model_version_status.add(
                    version=version,
                    state=get_model_status_pb2.ModelVersionStatus.State.Value(
                        state.state
                    ),
                )
                told.status.error_message = state.error
                told.status.error_code = 2 if state.error else 0  # UNKNOWN or OK
            return response


@contextlib.asynccontextmanager
async def _as_status(context):
    """Ends the call with the code and the text of a `ServingError`."""
    try:
        yield
    except ServingError as error:
        await context.abort(grpc.StatusCode[error.code], str(error))
    # Whatever nobody foresaw is answered too, and told.
    except Exception as error:
        if isinstance(error, grpc.aio.AbortError):
            raise
        _LOG.exception("Cannot answer a request")
        await context.abort(
            grpc.StatusCode.INTERNAL, f"{type(error).__name__}: {error}"
        )


def _asked(models: Models, spec) -> tuple[LoadedVersion, str]:
    version = models.get(spec.name, _number(spec), spec.version_label)
    return version, spec.signature_name or DEFAULT_SIGNATURE


def _number(spec) -> int | None:
    return spec.version.value if spec.HasField("version") else None


def _check_names(inputs, wanted):
    if inputs.keys() != set(wanted):
        sent, wanted = set(inputs), set(wanted)
        raise invalid(
            f"input size does not match signature: {len(sent)}!={len(wanted)} "
            f"len({_listed(sent)}) != len({_listed(wanted)}). "
            f"Sent extra: {_listed(sent - wanted)}. "
            f"Missing but required: {_listed(wanted - sent)}."
        )


def _listed(names):
    return "{" + ",".join(sorted(names)) + "}"


def _serialized(examples) -> list[bytes]:
    """The examples of an `Input` message, each with the features they share."""
    shared = b""
    kind = examples.WhichOneof("kind")
    if kind is None:
        raise invalid("Input is empty.")
    listed = getattr(examples, kind)
    if kind == "example_list_with_context":
        shared = listed.context.SerializeToString()
    if not listed.examples:
        raise invalid("Input is empty.")
    return [shared + example.SerializeToString() for example in listed.examples]


def _tell_version(spec, version, signature):
    spec.name = version.name
    spec.version.value = version.version
    spec.signature_name = signature
