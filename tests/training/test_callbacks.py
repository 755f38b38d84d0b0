"""Callbacks of `fit_best`: the best epochs are kept, a backup is whole or absent."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.training import Killed, build, data, fit, kill_in_epoch, killed

from rnnzoo.training.fit import fit_best, read_log


def dictate(monkeypatch, losses):
    """Dictates the validation losses; the weights are the epoch's number."""
    losses = iter(losses)

    class Dictate(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            kernel = self.model.layers[0].kernel
            kernel.assign(tf.fill(kernel.shape, float(epoch)))
            logs["val_loss"] = next(losses)

    monkeypatch.setattr("rnnzoo.training.fit.Clock", Dictate)


def test_fit_best_keeps_weights_of_best_epoch(tmp_path, monkeypatch):
    dictate(monkeypatch, [0.5, 0.1, 0.3])
    model = build()
    fit(model, tmp_path)
    assert (model.layers[0].kernel.numpy() == 1).all()


@killed
def test_fit_best_resumed_with_worse_epoch_keeps_best_one(tmp_path, monkeypatch):
    dictate(monkeypatch, [0.1, 0.4])
    with monkeypatch.context() as patch, pytest.raises(Killed):
        model = build()
        kill_in_epoch(1, patch)
        fit(model, tmp_path, epochs=2)
    model = build()
    fit(model, tmp_path, epochs=2)
    assert (model.layers[0].kernel.numpy() == 0).all()


@killed
def test_fit_best_epoch_without_backup_is_trained_again(tmp_path, monkeypatch):
    """Its second attempt may be worse."""
    dictate(monkeypatch, [0.5, 0.3, 0.1, 0.4])

    def killed_in(self, epoch, logs=None):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        fit(build(), tmp_path, epochs=2)  # a run of two, whose backups are whole
        patch.setattr("rnnzoo.training.callbacks.Backup.on_epoch_end", killed_in)
        fit(build(), tmp_path, epochs=3)
    assert read_log(tmp_path / "epochs.csv")["val_loss"] == [0.5, 0.3, 0.1]
    model = build()
    log = fit(model, tmp_path, epochs=3)
    assert log["val_loss"] == [0.5, 0.3, 0.4]
    assert (model.layers[0].kernel.numpy() == 1).all()


@pytest.mark.parametrize("loss", ["loss", "val_loss"])
def test_fit_best_averages_no_epoch_with_nan_loss(tmp_path, monkeypatch, loss):
    """Whatever another metric, such as BLEU, is."""
    dictate(monkeypatch, [0.5, 0.1, np.nan if loss == "val_loss" else 0.3])
    metrics = iter(
        [{"val_bleu": 0.2}, {"val_bleu": 0.4}, {"val_bleu": 0, loss: np.nan}]
    )
    model = build()
    fit_best(
        *(model, data(), data(1), 3, tmp_path, {}),
        monitor="val_bleu",
        mode="max",
        measure=lambda: next(metrics),
        average=3,
    )
    np.testing.assert_allclose(model.layers[0].kernel, np.full((3, 2), 0.5))


def test_fit_best_never_keeps_epoch_with_nan_loss(tmp_path, monkeypatch):
    dictate(monkeypatch, [float("nan"), 0.5, 0.7])
    model = build()
    fit(model, tmp_path, epochs=3)
    assert (model.layers[0].kernel.numpy() == 1).all()


@pytest.mark.parametrize(("average", "mean"), [(1, 1), (2, 2), (3, 3)])
def test_fit_best_averages_weights_of_best_epochs(tmp_path, monkeypatch, average, mean):
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
def test_fit_best_resumed_averages_last_attempts(tmp_path, monkeypatch):
    """The second attempt of an epoch replaces the first."""
    dictate(monkeypatch, [0.1, 0.4, 0.2])
    with monkeypatch.context() as patch, pytest.raises(Killed):
        model = build()
        kill_in_epoch(2, patch)
        fit_best(model, data(), data(1), 3, tmp_path, {}, average=2)
    model = build()
    fit_best(model, data(), data(1), 3, tmp_path, {}, average=2)
    np.testing.assert_array_equal(model.layers[0].kernel, np.ones((3, 2)))


def test_fit_best_with_patience_stops_early(tmp_path, monkeypatch):
    dictate(monkeypatch, [0.5, 0.1, 0.2, 0.3, 0.05])
    model = build()
    log = fit_best(model, data(), data(1), 5, tmp_path, {}, patience=2)
    assert log["epoch"] == [0, 1, 2, 3]
    assert (model.layers[0].kernel.numpy() == 1).all()
    # The run has ended: nothing more is trained.
    assert fit_best(build(), data(), data(1), 5, tmp_path, {}, patience=2) == log


@killed
@pytest.mark.parametrize("epoch", [0, 1])
def test_fit_best_killed_while_writing_backup_resumes(tmp_path, monkeypatch, epoch):
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


def test_fit_best_with_mode_max_keeps_highest_metric(tmp_path, monkeypatch):
    dictate(monkeypatch, [0.1, 0.2, 0.3])
    scores = iter([0.5, 0.9, 0.7])
    log = fit_best(
        *(model := build(), data(), data(1), 3, tmp_path, {}),
        monitor="val_f1",
        mode="max",
        measure=lambda: {"val_f1": next(scores)},
    )
    assert log["val_f1"] == [0.5, 0.9, 0.7]
    assert (model.layers[0].kernel.numpy() == 1).all()
