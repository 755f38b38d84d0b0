"""`Task`: a Keras model that takes raw examples, from training to the served answer."""

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import keras
import tensorflow as tf

from rnnzoo.answers import answer_examples
from rnnzoo.data.batching import bucketed_batches
from rnnzoo.data.examples import Column, with_weights
from rnnzoo.data.splits import Splits
from rnnzoo.export import Signature, export_saved_model
from rnnzoo.names import look_up
from rnnzoo.registry import signature_of
from rnnzoo.tasks.config import Config, check_names
from rnnzoo.tasks.raw_examples import RawExamples
from rnnzoo.training.schedules import CosineOverFit


class Task(RawExamples):
    """Base class of models that take raw examples.

    `adapt` learns from data what the network depends on, such as a vocabulary, and
    builds the network. `fit` calls it if need be. A subclass sets the class attributes
    below and defines `learn`, `assemble`, `encode`, `lengths`, `to_inputs`,
    `signatures` and `measure`.

    Args:
        learned: What `learn` returned; `None` until `adapt`.
        name: Name of the model.
        dtype: Dtype or dtype policy, such as "mixed_bfloat16".
        trainable: Whether the weights are trained.
        **settings: Fields of the class attribute `Config`.

    Attributes:
        config: The settings.
        learned: What `learn` returned, or `None`.
        network: Functional model from encoded inputs to outputs, or `None`.

    Raises:
        TypeError: If there is no such setting.
        ValueError: If a setting is out of range.
    """

    # The settings, a subclass of `Config`.
    Config: ClassVar[type[Config]] = Config
    # What a raw example consists of: the input, then the targets.
    columns: ClassVar[tuple[Column, ...]] = ()
    # What an example is called in reports: "texts", "sentences".
    unit: ClassVar[str] = "examples"
    # The logged value that chooses the best epoch, and whether "min" or "max" is best.
    monitor: str = "loss"
    mode: str = "min"
    # Whether `measure` scores decoded answers. If so, `evaluate` on raw examples calls
    # it, and so does a run of a script after every epoch.
    scores_answers: ClassVar[bool] = False
    # What a script does by default: epochs, patience (see `fit_best`), and the recipe
    # that it trains for comparison.
    epochs: ClassVar[int] = 5
    patience: ClassVar[int | None] = None
    baseline: ClassVar[str | None] = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.__signature__ = signature_of(cls.Config)

    def __init__(
        self,
        *,
        learned: Mapping[str, Any] | None = None,
        name: str | None = None,
        dtype: Any = None,
        trainable: bool = True,
        **settings,
    ):
        check_names(self.Config, settings)
        config = self.Config(**settings)
        super().__init__(name=name, dtype=dtype, trainable=trainable)
        self.config = config
        self.learned = self.network = None
        self._answer_functions = {}
        if learned is not None:
            self._assemble(learned)

    # === What a task defines ===

    def learn(self, examples: tf.data.Dataset) -> dict[str, Any]:
        """Returns JSON-serializable data that the network is built from."""
        raise NotImplementedError(f"{type(self).__name__} must define `learn`.")

    def assemble(self, **learned) -> keras.Model:
        """Returns the network for what was learned; sets up encoding and decoding."""
        raise NotImplementedError(f"{type(self).__name__} must define `assemble`.")

    def encode(self, *columns: tf.Tensor) -> tuple[tf.Tensor, ...]:
        """Returns the columns of many raw examples as ids and numbers."""
        raise NotImplementedError(f"{type(self).__name__} must define `encode`.")

    def lengths(self) -> Sequence[int]:
        """Returns the lengths that batches are padded to, rising."""
        raise NotImplementedError(f"{type(self).__name__} must define `lengths`.")

    def arrange(self, *columns: tf.Tensor) -> tuple:
        """Returns a padded batch of encoded columns as `(x, y, weights)`."""
        return columns

    def to_inputs(self, rows: tf.Tensor) -> Any:
        """Returns a batch of raw inputs as the network takes them."""
        raise NotImplementedError(f"{type(self).__name__} must define `to_inputs`.")

    def signatures(self) -> dict[str, Signature]:
        """Returns what a SavedModel of the model answers, by name."""
        raise NotImplementedError(f"{type(self).__name__} must define `signatures`.")

    def answer_all(self, data: Any) -> Any:
        """Returns the answers to raw examples that `measure` and `report` score."""
        raise NotImplementedError(f"{type(self).__name__} must define `answer_all`.")

    def measure(self, data: Any, answers: Any = None) -> dict[str, float]:
        """Returns the metrics on raw examples, the headline metric first.

        Args:
            data: Raw examples, see `fit`.
            answers: What `answer_all(data)` returned, if it was called already.
        """
        raise NotImplementedError(f"{type(self).__name__} must define `measure`.")

    # === Learning ===

    def adapt(self, data: Any, y: Any = None) -> None:
        """Learns from raw examples what the network depends on, and builds it.

        Args:
            data: Raw examples, see `fit`.
            y: The other columns, if `data` is a list or an array.

        Raises:
            ValueError: If the model is adapted already, or the examples are not of this
                task.
        """
        self._check_not_adapted()
        self._assemble(self.learn(self.examples(data, y)))

    def pipeline(
        self,
        data: Any,
        training: bool = False,
        batch_size: int | None = None,
        by_length: bool | None = None,
    ) -> tf.data.Dataset:
        """Returns raw examples as batches for `fit`, `evaluate` and `predict`.

        Args:
            data: Raw examples: a data set, or lists or arrays as `(x, y)`; see `fit`.
            training: Whether to shuffle the examples, differently in every epoch.
            batch_size: Number of examples in a batch; by default the setting.
            by_length: Whether a batch holds examples of similar length, which is
                faster, and not the examples in their order; by default as `training`.

        Returns:
            Data set of `(x, y, weights)`. In training, rows of weight 0 fill the last
            batch.
        """
        self._require_network()
        return bucketed_batches(
            with_weights(self.examples(data), len(self.columns)),
            self.encode,
            self._batch_size(batch_size),
            self.lengths(),
            shuffle=training,
            by_length=training if by_length is None else by_length,
        ).map(self.arrange, num_parallel_calls=tf.data.AUTOTUNE)

    # === Answers ===

    def answer(self, inputs: Any, signature: str = "serving_default") -> list[dict]:
        """Returns decoded answers for raw inputs, as the exported model gives them.

        Args:
            inputs: For a signature of one input its values, such as texts, one alone
                taken as a list of one; otherwise a dictionary by input for each.
            signature: Name of one of `signatures()`.

        Returns:
            For each input a dictionary of the signature's outputs.
        """
        self._require_network()
        signatures = self.signatures()
        declared = look_up("signature", signature, signatures)
        function = self._answer_functions.get(signature)
        if function is None:
            function = graph_function(declared.function, declared.inputs)
            self._answer_functions[signature] = function
        return self.answer_by(declared, inputs, function)

    def answer_by(
        self, signature: Signature, inputs: Any, function: Callable | None = None
    ) -> list[dict]:
        """Returns decoded answers of a signature.

        Args:
            signature: Signature to call.
            inputs: See `answer`.
            function: The signature's function as a graph, if it is one already.
        """
        function = function or graph_function(signature.function, signature.inputs)
        return answer_examples(
            lambda arrays: function(*map(tf.constant, arrays.values())),
            signature.inputs,
            inputs,
            self.config.batch_size,
            signature.per_token,
        )

    def export_saved_model(
        self, directory: str | Path, about: Mapping[str, object] | None = None
    ) -> Path:
        """Writes the model, raw inputs to answers, as the next version.

        Args:
            directory: Folder of the served model, such as
                "saved_models/sentiment_lstm".
            about: Lines of the model card, see `rnnzoo.export.write_model_card`.

        Returns:
            Path of the version: `directory / "1"` the first time.

        Raises:
            ValueError: If the model is not adapted, or could not be served.
        """
        self._require_network()
        return export_saved_model(self, self.signatures(), directory, about)

    # === Hooks of a script's run ===

    def validate(self, data: Any) -> dict[str, float]:
        """Returns the metrics on validation examples after an epoch."""
        return self.measure(data) if self.scores_answers else {}

    def check_report(self, data: Splits) -> None:
        """Raises an error before training for what `report` would fail on after it."""

    def describe(self, data: Splits, answers: Any) -> dict[str, Any]:
        """Returns further columns of a results row, such as simple baselines.

        Args:
            data: The splits.
            answers: What `answer_all(data.test)` returned.
        """
        return {}

    def report(
        self, data: Splits, answers: Any, folder: Path, metrics: Mapping[str, Any]
    ) -> None:
        """Prints and draws what the model answers to the test split.

        Args:
            data: The splits.
            answers: What `answer_all(data.test)` returned.
            folder: Folder of the run.
            metrics: Row of results.
        """

    # === Config ===

    @property
    def class_names(self) -> Sequence[str] | None:
        """Names of the classes that `class_weight` weighs; `None` if it cannot."""
        return None

    def compile_defaults(self) -> None:
        """Compiles the model as its recipe trains it."""
        config = self.config
        rate = config.learning_rate
        if config.learning_rate_schedule == "cosine":
            rate = CosineOverFit(rate)
        replicas = tf.distribute.get_strategy().num_replicas_in_sync
        self.compile(
            optimizer=keras.optimizers.Adam(rate, global_clipnorm=config.clipnorm),
            # Keras cannot compile the step of several replicas with XLA.
            jit_compile=replicas == 1,
            **self.compile_arguments(),
        )

    def compile_arguments(self) -> dict[str, Any]:
        """Returns loss and metrics as `compile` takes them.

        Use losses with `reduction="mean_with_sample_weight"`: rows that fill up a batch
        have weight 0.
        """
        return {}

    def get_config(self):
        return {
            **super().get_config(),
            **self.config.get_config(),
            "learned": self.learned,
        }

    @classmethod
    def from_config(cls, config):
        return cls(**config)

    def _assemble(self, learned):
        names = list(inspect.signature(self.assemble).parameters)
        if learned.keys() != set(names):
            raise ValueError(
                f"`learned` must have {names}, which `adapt` learns, got "
                f"{sorted(learned)}."
            )
        self.network = self.assemble(**learned)
        # As it comes back from a file.
        self.learned = json.loads(json.dumps(learned))
        # As any call would, this builds the model for Keras.
        self(self.network.input)

    def _check_not_adapted(self):
        if self.network is not None:
            raise ValueError(
                "The model is adapted already, and its weights belong to what it "
                "learned. Build a new model for other data."
            )


def graph_function(
    function: Callable, specs: tf.TensorSpec | Sequence[tf.TensorSpec]
) -> tf.function:
    """Returns a function of tensors as a graph that is traced once.

    Autograph is off: there is no Python control flow here, and conversion takes most of
    the tracing time.
    """
    specs = [specs] if isinstance(specs, tf.TensorSpec) else list(specs)
    return tf.function(function, input_signature=specs, autograph=False)
