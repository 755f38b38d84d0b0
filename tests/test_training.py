"""Interrupted training goes on; the best epoch is kept."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.training import finish, fit_best, load_best, read_log


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


# Who is killed closes no files: CSVLogger's stays open.
killed = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class Killed(Exception):
    pass


def kill_in_epoch(model, epoch, monkeypatch):
    """Makes training end in the middle of an epoch, counted from 0, as if killed."""
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


def test_log(tmp_path):
    log = fit(build(), tmp_path)
    assert log["epoch"] == [0, 1, 2]
    assert set(log) == {
        *("epoch", "seconds", "learning_rate"),
        *("loss", "accuracy", "val_loss", "val_accuracy"),
    }
    assert read_log(tmp_path / "epochs.csv") == log
    assert read_log(tmp_path / "nothing.csv") == {}


@killed
def test_killed_in_an_epoch_goes_on_after_the_last_whole_one(tmp_path, monkeypatch):
    uninterrupted = fit(build(), tmp_path / "whole", epochs=4)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        model = build()
        kill_in_epoch(model, 2, patch)
        fit(model, tmp_path / "killed", epochs=4)
    assert read_log(tmp_path / "killed" / "epochs.csv")["epoch"] == [0, 1]
    log = fit(build(), tmp_path / "killed", epochs=4)
    assert log["epoch"] == [0, 1, 2, 3]
    # Neither model shuffles, so that the interruption must not show at all.
    np.testing.assert_allclose(log["loss"], uninterrupted["loss"], rtol=1e-6)


def test_killed_after_training_trains_no_more(tmp_path):
    model = build()
    log = fit(model, tmp_path)
    again = build()
    assert fit(again, tmp_path) == log
    np.testing.assert_array_equal(again.get_weights()[0], model.get_weights()[0])


def test_after_finish_a_run_starts_anew(tmp_path):
    fit(build(), tmp_path, epochs=2)
    finish(tmp_path)
    assert fit(build(), tmp_path, epochs=1)["epoch"] == [0]


def test_other_settings_do_not_go_on(tmp_path):
    fit(build(), tmp_path, units=4)
    with pytest.raises(ValueError, match=r"other settings \(units was 4, is 8\)"):
        fit(build(), tmp_path, units=8)
    assert json.loads((tmp_path / "settings.json").read_text()) == {"units": 4}


def test_what_a_run_trained_is_there_for_another_model(tmp_path):
    model, other = build(), build()
    log = fit(model, tmp_path, units=4)
    finish(tmp_path)
    assert load_best(other, tmp_path, {"units": 4}) == log
    np.testing.assert_array_equal(other.get_weights()[0], model.get_weights()[0])
    with pytest.raises(ValueError, match=r"other settings \(units was 4, is 8\)"):
        load_best(other, tmp_path, {"units": 8})
    with pytest.raises(ValueError, match=r"no finished run, .* no best\.weights\.h5"):
        load_best(other, tmp_path / "run", {})


def dictate(monkeypatch, losses):
    """Dictates the validation losses; the weights are the epoch's number."""
    losses = iter(losses)

    class Dictate(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            kernel = self.model.layers[0].kernel
            kernel.assign(tf.fill(kernel.shape, float(epoch)))
            logs["val_loss"] = next(losses)

    monkeypatch.setattr("rnnzoo.training._Clock", Dictate)


def test_the_best_epoch_is_kept(tmp_path, monkeypatch):
    dictate(monkeypatch, [0.5, 0.1, 0.3])
    model = build()
    fit(model, tmp_path)
    assert (model.layers[0].kernel.numpy() == 1).all()


@killed
def test_a_worse_epoch_after_an_interruption_is_not_the_best(tmp_path, monkeypatch):
    dictate(monkeypatch, [0.1, 0.4])
    with monkeypatch.context() as patch, pytest.raises(Killed):
        model = build()
        kill_in_epoch(model, 1, patch)
        fit(model, tmp_path, epochs=2)
    model = build()
    fit(model, tmp_path, epochs=2)
    assert (model.layers[0].kernel.numpy() == 0).all()


def test_an_epoch_whose_loss_is_not_a_number_is_not_the_best(tmp_path, monkeypatch):
    dictate(monkeypatch, [float("nan"), 0.5, 0.7])
    model = build()
    fit(model, tmp_path, epochs=3)
    assert (model.layers[0].kernel.numpy() == 1).all()


@pytest.mark.parametrize(("average", "mean"), [(1, 1), (2, 2), (3, 3)])
def test_the_mean_of_the_best_epochs(tmp_path, monkeypatch, average, mean):
    """The weights are the epoch's number: the best are 1, 3 and 5."""
    dictate(monkeypatch, [0.5, 0.1, 0.9, 0.2, 0.4, 0.3])
    model = build()
    fit_best(model, data(), data(1), 6, tmp_path, {}, average=average)
    np.testing.assert_allclose(model.layers[0].kernel, np.full((3, 2), mean))
    again = build()
    again.optimizer.build(again.trainable_variables)
    again.load_weights(tmp_path / "best.weights.h5")
    np.testing.assert_array_equal(again.layers[0].kernel, model.layers[0].kernel)


@killed
def test_the_mean_after_an_interruption(tmp_path, monkeypatch):
    """The epoch that is gone through again takes the place of its first attempt."""
    dictate(monkeypatch, [0.1, 0.4, 0.2])
    with monkeypatch.context() as patch, pytest.raises(Killed):
        model = build()
        kill_in_epoch(model, 2, patch)
        fit_best(model, data(), data(1), 3, tmp_path, {}, average=2)
    model = build()
    fit_best(model, data(), data(1), 3, tmp_path, {}, average=2)
    np.testing.assert_array_equal(model.layers[0].kernel, np.ones((3, 2)))


def test_patience(tmp_path, monkeypatch):
    dictate(monkeypatch, [0.5, 0.1, 0.2, 0.3, 0.05])
    model = build()
    log = fit_best(model, data(), data(1), 5, tmp_path, {}, patience=2)
    assert log["epoch"] == [0, 1, 2, 3]
    assert (model.layers[0].kernel.numpy() == 1).all()
    # It has ended, and does not go on.
    assert fit_best(build(), data(), data(1), 5, tmp_path, {}, patience=2) == log


@killed
@pytest.mark.parametrize("epoch", [0, 1])
def test_killed_while_it_writes_a_backup(tmp_path, monkeypatch, epoch):
    save = keras.callbacks.BackupAndRestore.on_epoch_end

    def cut_short(self, number, logs=None):
        save(self, number, logs)
        if number == epoch:
            for path in (tmp_path / "backup" / "writing").iterdir():
                path.write_bytes(path.read_bytes()[:10])
            raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(keras.callbacks.BackupAndRestore, "on_epoch_end", cut_short)
        fit(build(), tmp_path, epochs=3)
    assert fit(build(), tmp_path, epochs=3)["epoch"] == [0, 1, 2]


def test_finish_leaves_the_best_weights_and_the_log(tmp_path):
    fit(build(), tmp_path)
    finish(tmp_path)
    finish(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        *("best.weights.h5", "epochs.csv", "settings.json")
    }


def test_the_highest_of_a_further_figure_may_make_the_best(tmp_path, monkeypatch):
    dictate(monkeypatch, [0.1, 0.2, 0.3])
    figures = iter([0.5, 0.9, 0.7])
    log = fit_best(
        *(model := build(), data(), data(1), 3, tmp_path, {}),
        monitor="val_f1",
        mode="max",
        measure=lambda: {"val_f1": next(figures)},
    )
    assert log["val_f1"] == [0.5, 0.9, 0.7]
    assert (model.layers[0].kernel.numpy() == 1).all()


def test_neither_lowest_nor_highest(tmp_path):
    with pytest.raises(ValueError, match=r"Unknown mode .mix.\."):
        fit_best(build(), data(), data(1), 1, tmp_path, {}, mode="mix")


def test_no_epochs(tmp_path):
    with pytest.raises(ValueError, match="`epochs` must be a positive integer, got 0"):
        fit(build(), tmp_path, epochs=0)
    for name in ("patience", "average"):
        with pytest.raises(ValueError, match=f"`{name}` must be a positive integer"):
            fit_best(build(), data(), data(1), 1, tmp_path, {}, **{name: 0})


def test_the_learning_rate_is_given_back(tmp_path):
    model = build()
    rates = fit(model, tmp_path, epochs=4)["learning_rate"]
    np.testing.assert_allclose(rates, 5e-4 * (1 + np.cos(np.pi * np.arange(4) / 4)))
    assert model.optimizer.learning_rate.numpy() == np.float32(1e-3)
