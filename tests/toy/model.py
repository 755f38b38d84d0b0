"""A recurrent network that reads numbers and answers with one."""

import dataclasses

import keras
import numpy as np
import tensorflow as tf

from rnnzoo.data.examples import Column
from rnnzoo.export import Signature
from rnnzoo.layers import RecurrentEncoder
from rnnzoo.tasks.base import Task
from rnnzoo.tasks.config import Cell, Config, Size
from toy.data import load_series

SERIES = tf.TensorSpec([None, None], tf.float32, name="series")
LENGTHS = tf.TensorSpec([None], tf.int32, name="lengths")


@dataclasses.dataclass(frozen=True, kw_only=True)
class AveragerConfig(Config):
    """Settings of an averager.

    Args:
        cell: Name of the recurrent layer.
        units: Size of the recurrent state.
    """

    cell: Cell = "gru"
    units: Size = 8


@keras.saving.register_keras_serializable("toy")
class Averager(Task):
    """Learns the mean of a series."""

    Config = AveragerConfig
    columns = (Column("series", "number", rank=1), Column("mean", "number"))
    unit = "series"
    load = staticmethod(load_series)

    def learn(self, examples):
        means = [float(mean) for _, mean, *_ in examples.as_numpy_iterator()]
        return {"bias": float(np.mean(means))}

    def assemble(self, bias):
        series = keras.Input((None,), name="series")
        lengths = keras.Input((), dtype="int32", name="lengths")
        encoder = RecurrentEncoder(self.config.cell, self.config.units)
        mask = LengthMask()([series, lengths])
        x = encoder(keras.ops.expand_dims(series, -1), mask=mask)
        x = keras.layers.GlobalAveragePooling1D()(x, mask=mask)
        start = keras.initializers.Constant(bias)
        mean = keras.layers.Dense(1, bias_initializer=start)(x)
        inputs = {"series": series, "lengths": lengths}
        return keras.Model(inputs, mean, name="network")

    def encode(self, series, means):
        return tf.cast(series, tf.float32), series.row_lengths(), means

    def arrange(self, series, lengths, means, weights):
        inputs = {"series": series, "lengths": tf.cast(lengths, tf.int32)}
        return inputs, means[:, None], weights

    def lengths(self):
        return [8, 64]

    def to_inputs(self, rows):
        lengths = tf.cast(rows.row_lengths(), "int32")
        return {"series": rows.to_tensor(), "lengths": lengths}

    def compile_arguments(self):
        loss = keras.losses.MeanSquaredError("mean_with_sample_weight")
        return {"loss": loss, "weighted_metrics": ["mae"]}

    def signatures(self):
        def answer(series, lengths):
            return {"mean": self({"series": series, "lengths": lengths})[:, 0]}

        rows = [{"series": r, "lengths": len(r)} for r in ([1.0], [1.0, 2.0, 0.5])]
        return {"serving_default": Signature(answer, [SERIES, LENGTHS], rows)}

    def answer_all(self, data):
        return self.predict(data, verbose=0)[:, 0]

    def measure(self, data, answers=None):
        answers = self.answer_all(data) if answers is None else answers
        means = [mean for _, mean, *_ in self.examples(data).as_numpy_iterator()]
        return {"mae": float(np.mean(np.abs(answers - means)))}


@keras.saving.register_keras_serializable("toy")
class LengthMask(keras.layers.Layer):
    """Returns which steps are no padding."""

    def call(self, inputs):
        series, lengths = inputs
        return tf.sequence_mask(lengths, tf.shape(series)[1])
