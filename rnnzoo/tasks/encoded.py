"""Encoded inputs of a network: their specs, and arrays of its outputs."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf


def is_like(spec: Any, inputs: Any) -> bool:
    """Returns whether tensors or specs have the structure, ranks and kinds of inputs.

    Args:
        spec: Tensor, array or `tf.TensorSpec`, or a dictionary of them.
        inputs: Symbolic inputs of a network.
    """
    if isinstance(inputs, Mapping):
        return (
            isinstance(spec, Mapping)
            and spec.keys() == inputs.keys()
            and all(is_like(spec[name], inputs[name]) for name in inputs)
        )
    if not hasattr(spec, "dtype") or not hasattr(spec, "shape"):
        return False
    try:
        dtype, wanted = tf.as_dtype(spec.dtype), tf.as_dtype(inputs.dtype)
    except TypeError:
        return False
    same_kind = dtype.is_integer == wanted.is_integer
    numeric = dtype.is_integer or dtype.is_floating
    return numeric and same_kind and len(spec.shape) == len(inputs.shape)


def input_spec(tensor: keras.KerasTensor) -> tf.TensorSpec:
    """Returns the spec of a symbolic input, for any batch size."""
    shape = (None, *tensor.shape[1:])
    return tf.TensorSpec(shape, tensor.dtype, name=tensor.name)


def padded(output: Any) -> np.ndarray:
    """Returns an output as an array, a ragged one padded with 0 on the right."""
    if isinstance(output, tf.RaggedTensor):
        return output.to_tensor().numpy()
    return np.asarray(output)
