"""A small model that trains quickly, and ways to interrupt its training."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.training.fit import fit_best


def data(seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(32, 3)).astype("float32")
    y = (x.sum(axis=1) > 0).astype("int32")
    return tf.data.Dataset.from_tensor_slices((x, y)).batch(8)


def build():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(2, activation="softmax")]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def fit(model, directory, epochs=3, **settings):
    return fit_best(model, data(), data(1), epochs, directory, settings)


# A killed process closes no files: that of CSVLogger stays open.
killed = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class Killed(Exception):
    pass


def kill_in_epoch(epoch, monkeypatch):
    """Ends training in the middle of an epoch, counted from 0, as if killed.

    It ends that of any model until `monkeypatch` is undone.
    """
    begin = keras.callbacks.CallbackList.on_epoch_begin
    batch_end = keras.callbacks.CallbackList.on_train_batch_end
    now = []

    def on_epoch_begin(self, number, logs=None):
        now.append(number)
        begin(self, number, logs)

    def on_train_batch_end(self, batch, logs=None):
        batch_end(self, batch, logs)
        if now[-1] == epoch and batch == 1:
            raise Killed

    callback_list = "keras.callbacks.CallbackList"
    monkeypatch.setattr(f"{callback_list}.on_epoch_begin", on_epoch_begin)
    monkeypatch.setattr(f"{callback_list}.on_train_batch_end", on_train_batch_end)
