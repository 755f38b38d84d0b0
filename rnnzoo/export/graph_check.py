"""What a written SavedModel must not hold, since a server fails on it."""

from collections.abc import Iterator
from pathlib import Path

import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

# REST has no half precision, and neither protocol a ragged or a variant tensor.
_SERVABLE = {
    *(tf.float32, tf.float64, tf.int8, tf.int16, tf.int32, tf.int64, tf.uint8),
    *(tf.bool, tf.string),
}


def check_graph(path: str | Path) -> None:
    """Raises a ValueError for what loads on a server, and fails on a request.

    These are: functions in Python, operations of cuDNN (there is none on a CPU),
    functions that XLA must compile (servers switch it off), outputs of a type that
    REST lacks, and outputs without a batch.

    Args:
        path: the directory of the SavedModel.
    """
    saved_model = saved_model_pb2.SavedModel()
    saved_model.ParseFromString((Path(path) / "saved_model.pb").read_bytes())
    (graph,) = saved_model.meta_graphs
    for node in _nodes(graph.graph_def):
        if reason := _refused(node):
            raise ValueError(
                f"The operation {node.op} ({node.name}) cannot be served: {reason}."
            )
    for name, signature in graph.signature_def.items():
        if not signature.method_name:  # What a server runs once, at the start.
            continue
        for output, info in signature.outputs.items():
            check_output(name, output, info)


def check_output(signature: str, output: str, info) -> None:
    """Raises a ValueError for an output that a server cannot send.

    Args:
        signature: its signature's name.
        output: its name.
        info: its `TensorInfo`.
    """
    where = f"The output {output!r} of the signature {signature!r}"
    if info.WhichOneof("encoding") != "name":
        raise ValueError(
            f"{where} must be a tensor, got a ragged or a sparse one. A ragged tensor "
            "becomes a padded one by `to_tensor()`."
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


def _nodes(graph_def) -> Iterator:
    yield from graph_def.node
    for function in graph_def.library.function:
        yield from function.node_def


def _refused(node) -> str | None:
    if "PyFunc" in node.op:
        return "it calls Python, and a server has none"
    if node.op.startswith("Cudnn"):
        return "it runs on a GPU alone; pass `use_cudnn=False` to the layer"
    if node.attr["_XlaMustCompile"].b:
        return (
            "it has to be compiled by XLA (`jit_compile=True`), and a server does not"
        )
    return None
