"""Interrupted training goes on."""

import json

import numpy as np
import pytest
from harness.training import Killed, build, data, fit, kill_in_epoch, killed

from rnnzoo.training.fit import finish, fit_best, load_best, read_log


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
    assert other.optimizer.learning_rate == model.optimizer.learning_rate
    with pytest.raises(ValueError, match=r"other settings \(units was 4, is 8\)"):
        load_best(other, tmp_path, {"units": 8})
    with pytest.raises(ValueError, match=r"no finished run, .* no best\.weights\.h5"):
        load_best(other, tmp_path / "run", {})


def test_finish_leaves_the_best_weights_and_the_log(tmp_path):
    fit(build(), tmp_path)
    finish(tmp_path)
    finish(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        *("best.weights.h5", "epochs.csv", "settings.json")
    }


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
