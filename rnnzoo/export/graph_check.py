"""Checks of a SavedModel for contents that a server cannot run."""

from pathlib import Path

import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

# REST has no half precision, and neither protocol has ragged or variant tensors.
_SERVABLE = {
    *(tf.float32, tf.float64, tf.int8, tf.int16, tf.int32, tf.int64, tf.uint8),
    *(tf.bool, tf.string),
}


def check_graph(path: str | Path) -> None:
    """Raises a ValueError if a server could load a SavedModel, but not run it.

    Refuses Python functions, cuDNN operations (they need a GPU), functions that XLA
    must compile (servers disable XLA), outputs with a dtype that REST lacks, and
    outputs without a batch dimension.

    Args:
        path: Directory of the SavedModel.
    """
    saved_model = saved_model_pb2.SavedModel()
    saved_model.ParseFromString((Path(path) / "saved_model.pb").read_bytes())
    (graph,) = saved_model.meta_graphs
    functions = graph.graph_def.library.function
    for node in (*graph.graph_def.node, *(n for f in functions for n in f.node_def)):
        if reason := _refusal(node):
            raise ValueError(
                f"The operation {node.op} ({node.name}) cannot be served: {reason}."
            )
    for name, signature in graph.signature_def.items():
        if not signature.method_name:  # An initializer that runs once, at the start.
            continue
        for output, info in signature.outputs.items():
            check_output(name, output, info)


def check_output(signature: str, output: str, info) -> None:
    """Raises a ValueError for an output that a server cannot send.

    Args:
        signature: Name of the signature.
        output: Name of the output.
        info: `TensorInfo` of the output.
    """
    where = f"The output {output!r} of the signature {signature!r}"
    if info.WhichOneof("encoding") != "name":
        raise ValueError(
            f"{where} must be a tensor, got a ragged or a sparse one. Pad a ragged "
            "tensor by `to_tensor()`."
        )
    where = f"{where} ({info.name})"
    dtype, shape = tf.as_dtype(info.dtype), tf.TensorShape(info.tensor_shape)
    if dtype not in _SERVABLE:
        raise ValueError(
            f"{where} must be float32, float64, an integer, bool or string, got "
            f"{dtype.name}. Cast it by `tf.cast`."
        )
    if shape.rank == 0:
        raise ValueError(
            f"{where} must have the batch as its first dimension, got a scalar."
        )


def _refusal(node) -> str | None:
    if "PyFunc" in node.op:
        return "it calls Python, and a server has none"
    if node.op.startswith("Cudnn"):
        return "it needs a GPU; pass `use_cudnn=False` to the layer"
    if node.attr["_XlaMustCompile"].b:
        return "it has to be compiled by XLA (`jit_compile=True`), which a server lacks"
    return None
