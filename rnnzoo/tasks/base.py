"""What the models on text share: weights by `adapt`, batches in `fit`, an export."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from rnnzoo.export import export_saved_model

TEXT = tf.TensorSpec([None], tf.string, name="text")
# What every export is tried with.
EXAMPLE_TEXTS = ("", "A film.", "It starts slowly, but the end makes up for all of it.")


class TextModel(keras.Model):
    """A model that text goes into; its weights come to be with what `adapt` learns.

    A subclass has `adapt`, `pipeline` and `signatures`, the attributes of `get_config`,
    sets `_network`, and tells by `EXAMPLES` what its data sets hold.
    """

    EXAMPLES: str
    _network: keras.Model | None = None

    def fit(self, x=None, *args, **kwargs):
        """`keras.Model.fit`, without its warning that it shuffles no data set."""
        if isinstance(x, tf.data.Dataset):
            if tf.nest.flatten(x.element_spec)[0].dtype == tf.string:
                raise ValueError(
                    "`fit` takes batches of ids, and this data set holds text: give it "
                    "`model.pipeline(dataset, training=True)`."
                )
            kwargs.setdefault("shuffle", False)
        return super().fit(x, *args, **kwargs)

    def export_saved_model(
        self, directory: str | Path, about: Mapping[str, object] | None = None
    ) -> Path:
        """Writes the model, raw text in and answers out, as the next version.

        Args:
            directory: the served model's directory, `saved_models/sentiment_lstm`.
            about: what the model card tells, see `rnnzoo.export.write_model_card`.

        Returns:
            The version's path, `saved_models/sentiment_lstm/1` the first time.

        Raises:
            ValueError: if `adapt` was not called before.
        """
        self._known(self._network)
        return export_saved_model(self, self.signatures(), directory, about)

    @property
    def network(self) -> keras.Model:
        """Ids to what is answered; known after `adapt`."""
        return self._known(self._network)

    def build(self, input_shape):
        self._known(self._network)  # which has its weights

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary_size": self.vocabulary_size,
            "max_length": self.max_length,
            "batch_size": self.batch_size,
        }

    def _known(self, part: Any) -> Any:
        """What `adapt` brings; raises a ValueError before it was called."""
        if part is None:
            raise ValueError(
                "The vocabulary is not known yet. Call `model.adapt(dataset)` first, "
                f"with a tf.data.Dataset of {self.EXAMPLES}."
            )
        return part

    def _check_new(self) -> None:
        """Raises a ValueError if the vocabulary is known already."""
        if self._network is not None:
            raise ValueError(
                "The vocabulary is known already, and the weights belong to it; build "
                "a new model for another one."
            )


def graph_function(function: Callable, spec: tf.TensorSpec) -> tf.function:
    """A function of one tensor as a graph, traced once for whatever calls it.

    Autograph, which turns Python's `if` into a graph's and which nothing here needs,
    would take most of the time of that.
    """
    return tf.function(function, input_signature=[spec], autograph=False)
