"""`RawExamples`: the methods of `keras.Model` on raw examples and on batches."""

from collections.abc import Mapping
from typing import Any

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive
from rnnzoo.data.batching import as_ragged
from rnnzoo.data.examples import as_examples
from rnnzoo.tasks.encoded import input_spec, is_like, padded
from rnnzoo.tasks.fitting import (
    check_rate_callbacks,
    class_weighted,
    count_batches,
    learning_rate_decay,
    merged_metrics,
    split_validation,
)

_MIXED = (
    "Raw examples and batches are mixed in one `fit`: `x` holds {x} and "
    "`validation_data` {validation}. Give raw examples for both, or batches from "
    "`model.pipeline(data)` for both."
)


class RawExamples(keras.Model):
    """A Keras model whose methods take raw examples as well as batches of ids.

    Base class of `Task`, which brings `columns`, `config`, `network`, `adapt`,
    `pipeline`, `to_inputs`, `measure`, `scores_answers` and `class_names`.
    """

    def examples(self, x: Any, y: Any = None, sample_weight: Any = None):
        """Returns raw examples as a `tf.data.Dataset`, see `rnnzoo.data.examples`.

        Args:
            x: Inputs, or a tuple `(x, y)` or `(x, y, sample_weight)`; see `fit`.
            y: See `fit`.
            sample_weight: See `fit`.
        """
        if isinstance(x, tuple) and y is None and 1 < len(x) < 4:
            x, y, sample_weight = (*x, sample_weight)[:3]
        return as_examples(x, y, sample_weight, columns=self.columns)

    def raw_inputs(self, x) -> tf.data.Dataset:
        """Returns the first column of raw examples as a data set."""
        if not isinstance(x, tf.data.Dataset):
            return as_examples(x, columns=self.columns[:1]).map(lambda inputs: inputs)
        spec = x.element_spec
        if isinstance(spec, tuple):
            x = x.map(lambda inputs, *others: inputs)
        check = as_examples(x.map(lambda inputs: (inputs,)), columns=self.columns[:1])
        return check.map(lambda inputs: inputs)

    def compile(
        self,
        optimizer="rmsprop",
        loss=None,
        loss_weights=None,
        metrics=None,
        weighted_metrics=None,
        **options,
    ):
        """Compiles the model: `keras.Model.compile`.

        All metrics are weighted, so that padding and rows that fill up a batch do not
        count.
        """
        super().compile(
            optimizer,
            loss,
            loss_weights,
            weighted_metrics=merged_metrics(metrics, weighted_metrics),
            **options,
        )

    def compile_from_config(self, config):
        self.compile(**keras.saving.deserialize_keras_object(config))
        self.optimizer.build(self.trainable_variables)

    def call(self, inputs, training=False):
        if any(x.dtype == tf.string for x in tf.nest.flatten(inputs)):
            raise ValueError(
                "Expected encoded inputs, got raw texts. Call `answer` or `predict`; "
                "`pipeline` encodes examples."
            )
        if isinstance(inputs, Mapping):
            inputs = dict(inputs)  # A SavedModel is traced with a wrapper of it.
        return self._require_network()(inputs, training=training)

    def build(self, input_shape):
        self._require_network()

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        class_weight=None,
        sample_weight=None,
        initial_epoch=0,
        steps_per_epoch=None,
        validation_steps=None,
        validation_batch_size=None,
        validation_freq=1,
    ):
        """Trains the model: `keras.Model.fit`, on raw examples or on batches.

        Calls `adapt` first if the model is not adapted yet. With the setting
        `learning_rate_schedule="cosine"` the learning rate falls over these epochs.

        Args:
            x: Raw examples: a list, an array or a pandas column of inputs, with `y`; a
                `tf.data.Dataset` of examples that is not batched; or batches from
                `pipeline`.
            y: Labels, or what else the task learns; see the task.
            batch_size: Number of raw examples in a batch; by default the setting.
            validation_split: Fraction of raw examples that is held out, from the end of
                lists and arrays.
            validation_data: Raw examples, `(x, y)` or `(x, y, sample_weight)`; or
                batches, if `x` is one of batches.
            class_weight: Weight of each class in the loss, by number or by name.
            (others): See `keras.Model.fit`.

        Returns:
            `keras.callbacks.History`.

        Raises:
            ValueError: If raw examples and batches are mixed, or the data are of
                another task.
        """
        # A model that is not compiled has none; Keras says so below.
        optimizer = getattr(self, "optimizer", None)
        check_rate_callbacks(optimizer, callbacks)
        if self._is_encoded(x):
            self._check_not_mixed(validation_data, validation_split, x)
        else:
            if validation_split:
                x, y, sample_weight, validation_data = split_validation(
                    x, y, sample_weight, validation_split, validation_data
                )
                validation_split = 0.0
            examples = self.examples(x, y, sample_weight)
            if self.network is None:
                self.adapt(examples)
            x = self.pipeline(examples, training=shuffle, batch_size=batch_size)
            x = x if steps_per_epoch is None else x.repeat()
            y = sample_weight = None
            validation_data = self._validation(validation_data, validation_batch_size)
        if class_weight is not None:
            x = class_weighted(x, class_weight, self.class_names)
        steps = steps_per_epoch or count_batches(x, batch_size, validation_split)
        with learning_rate_decay(optimizer, steps, initial_epoch, epochs):
            return super().fit(
                x=x,
                y=y,
                batch_size=batch_size,
                epochs=epochs,
                verbose=verbose,
                callbacks=callbacks,
                validation_split=validation_split,
                validation_data=validation_data,
                shuffle=shuffle and not isinstance(x, tf.data.Dataset),
                sample_weight=sample_weight,
                initial_epoch=initial_epoch,
                steps_per_epoch=steps_per_epoch,
                validation_steps=validation_steps,
                validation_batch_size=validation_batch_size,
                validation_freq=validation_freq,
            )

    def evaluate(
        self,
        x=None,
        y=None,
        batch_size=None,
        verbose="auto",
        sample_weight=None,
        steps=None,
        callbacks=None,
        return_dict=False,
        **kwargs,
    ):
        """Returns loss and metrics: `keras.Model.evaluate`, on raw examples or batches.

        On raw examples the metrics of `measure` are among them.

        Args:
            x: See `fit`.
            y: See `fit`.
            batch_size: See `fit`.
            return_dict: Whether to return a dictionary by name, not a list.
            (others): See `keras.Model.evaluate`.
        """
        same = {"verbose": verbose, "steps": steps, "callbacks": callbacks, **kwargs}
        if self._is_encoded(x):
            same |= {"sample_weight": sample_weight, "return_dict": return_dict}
            return super().evaluate(x, y, batch_size, **same)
        examples = self.examples(x, y, sample_weight)
        batches = self.pipeline(examples, batch_size=batch_size, by_length=True)
        logs = super().evaluate(batches, return_dict=True, **same)
        if self.scores_answers:
            scores = self.measure(examples)
            # The metrics of Keras know the weights of the examples.
            weighted = len(examples.element_spec) > len(self.columns)
            logs = scores | logs if weighted else logs | scores
        return logs if return_dict else [logs.pop("loss"), *logs.values()]

    def predict(self, x, batch_size=None, verbose="auto", steps=None, callbacks=None):
        """Returns the model's outputs: `keras.Model.predict`, on raw inputs or ids.

        Args:
            x: Raw inputs as a list, an array, a pandas column or a `tf.data.Dataset`,
                with or without labels; or encoded inputs, or batches of these.
            batch_size: See `fit`.
            verbose, steps, callbacks: See `keras.Model.predict`.

        Returns:
            NumPy arrays with a row for each input, in their order. Outputs over time
            are padded to one length. `answer` returns decoded answers.
        """
        self._require_network()
        same = {"verbose": verbose, "steps": steps, "callbacks": callbacks}
        if self._is_encoded(x):
            outputs = super().predict(x, batch_size, **same)
            return tf.nest.map_structure(padded, outputs)
        size = self._batch_size(batch_size)
        rows = self.raw_inputs(x).ragged_batch(size).map(as_ragged)
        outputs = super().predict(rows.map(self.to_inputs), **same)
        return tf.nest.map_structure(padded, outputs)

    def make_predict_function(self, force=False):
        if self.run_eagerly or not self.jit_compile:
            return super().make_predict_function(force)
        # Without XLA, which would compile every length of a batch of raw inputs.
        self.jit_compile = False
        try:
            return super().make_predict_function(force)
        finally:
            self.jit_compile = True

    def export(self, filepath, *args, input_signature=None, **kwargs):
        """Exports encoded inputs to outputs: `keras.Model.export`.

        `export_saved_model` exports raw inputs to answers.
        """
        self._require_network()
        if input_signature is None:
            input_signature = [tf.nest.map_structure(input_spec, self.network.input)]
        super().export(filepath, *args, input_signature=input_signature, **kwargs)

    def summary(self, *args, **kwargs):
        """Prints the layers of the network."""
        self._require_network().summary(*args, **kwargs)

    def _batch_size(self, batch_size: int | None) -> int:
        """Returns an argument `batch_size`, by default the setting."""
        size = self.config.batch_size if batch_size is None else batch_size
        check_positive(batch_size=size)
        return size

    def _require_network(self):
        if self.network is None:
            names = ", ".join(column.name for column in self.columns)
            raise ValueError(
                f"The model is not adapted yet: call `model.adapt(data)` or "
                f"`model.fit(data)` first, with raw examples of ({names})."
            )
        return self.network

    def _is_encoded(self, x) -> bool:
        """Whether data are inputs of the network, and not raw examples."""
        if self.network is None or isinstance(x, (list, tuple)):
            return False
        if isinstance(x, tf.data.Dataset):
            spec = x.element_spec
            spec = spec[0] if isinstance(spec, tuple) else spec
            is_raw = self.columns[0].holds(spec)
        elif hasattr(x, "to_numpy"):
            return False
        else:
            spec = x
            is_raw = self.columns[0].holds_all(spec)
        return not is_raw and is_like(spec, self.network.input)

    def _validation(self, data, batch_size):
        """Raw validation data as batches."""
        if data is None:
            return None
        if self._is_encoded(data[0] if isinstance(data, tuple) else data):
            raise ValueError(_MIXED.format(x="raw examples", validation="batches"))
        return self.pipeline(data, batch_size=batch_size, by_length=True)

    def _check_not_mixed(self, validation_data, validation_split, x):
        if validation_split and isinstance(x, tf.data.Dataset):
            raise ValueError(
                "`validation_split` takes lists or arrays, got batches. Give "
                "`validation_data`."
            )
        if validation_data is None:
            return
        is_parts = isinstance(validation_data, tuple)
        first = validation_data[0] if is_parts else validation_data
        if not self._is_encoded(first):
            raise ValueError(_MIXED.format(x="batches", validation="raw examples"))
