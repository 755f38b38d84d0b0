"""`LoadedVersion`: one version of a model, ready to answer."""

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
        name: the model's name.
        version: its number.
        path: the directory of the SavedModel.
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
        """Names, types and shapes of what a signature takes and returns.

        Raises:
            ServingError: INVALID_ARGUMENT, if there is no such signature.
        """
        if signature not in self._model.signatures:
            raise invalid(
                f'Serving signature name: "{signature}" not found in signature def'
            )
        return self.signature_defs[signature]

    def run(self, signature: str, inputs: Mapping[str, np.ndarray]) -> Tensors:
        """Answers a request.

        Args:
            signature: its name.
            inputs: arrays by the names of the signature's inputs.

        Returns:
            Arrays by the names of its outputs.

        Raises:
            ServingError: if the model cannot answer that.
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
            # The shape is not that of the signature; a server's graph would say so.
            raise invalid(str(error)) from error
        return {name: value.numpy() for name, value in outputs.items()}
