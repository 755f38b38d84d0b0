"""`LoadedVersion`: a version of a model, loaded from its SavedModel."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2

from rnnzoo.serving.errors import ServingError, invalid

Tensors = dict[str, np.ndarray]
DEFAULT_SIGNATURE = "serving_default"


class LoadedVersion:
    """A SavedModel with its signatures.

    Args:
        name: Name of the model.
        version: Number of the version.
        path: Directory of the SavedModel.
    """

    def __init__(self, name: str, version: int, path: str | Path):
        self.name = name
        self.version = version
        self._model = tf.saved_model.load(str(path))
        saved_model = saved_model_pb2.SavedModel()
        saved_model.ParseFromString((Path(path) / "saved_model.pb").read_bytes())
        (graph,) = saved_model.meta_graphs
        self.signature_defs = graph.signature_def

    def signature_def(self, signature: str) -> meta_graph_pb2.SignatureDef:
        """Returns the names, dtypes and shapes of a signature's inputs and outputs.

        Raises:
            ServingError: INVALID_ARGUMENT if there is no such signature.
        """
        if signature not in self._model.signatures:
            raise invalid(
                f'Serving signature name: "{signature}" not found in signature def'
            )
        return self.signature_defs[signature]

    def run(self, signature: str, inputs: Mapping[str, np.ndarray]) -> Tensors:
        """Returns the outputs of a signature by name.

        Args:
            signature: Name of the signature.
            inputs: Arrays by the names of the signature's inputs.

        Raises:
            ServingError: If the model fails on the inputs.
        """
        specs = self.signature_def(signature).inputs
        try:
            tensors = {
                name: tf.constant(value, tf.as_dtype(specs[name].dtype))
                for name, value in inputs.items()
            }
            outputs = self._model.signatures[signature](**tensors)
        except tf.errors.OpError as error:
            raise ServingError.of(error) from error
        except (TypeError, ValueError) as error:
            # The shape differs from the signature's.
            raise invalid(str(error)) from error
        return {name: value.numpy() for name, value in outputs.items()}
