"""`fit_best`: training that is interrupted and resumed."""

import json

import numpy as np
import pytest
from harness.training import Killed, build, data, fit, kill_in_epoch, killed

from rnnzoo.training.fit import finish, fit_best, load_best, read_log


def test_fit_best_returns_log_of_epochs(tmp_path):
    log = fit(build(), tmp_path)
    assert log["epoch"] == [0, 1, 2]
    assert set(log) == {
        *("epoch", "seconds", "learning_rate"),
        *("loss", "accuracy", "val_loss", "val_accuracy"),
    }
    assert read_log(tmp_path / "epochs.csv") == log
    assert read_log(tmp_path / "nothing.csv") == {}


@killed
def test_fit_best_killed_in_epoch_resumes_after_last_whole_one(tmp_path, monkeypatch):
    uninterrupted = fit(build(), tmp_path / "whole", epochs=4)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        model = build()
        kill_in_epoch(2, patch)
        fit(model, tmp_path / "killed", epochs=4)
    assert read_log(tmp_path / "killed" / "epochs.csv")["epoch"] == [0, 1]
    log = fit(build(), tmp_path / "killed", epochs=4)
    assert log["epoch"] == [0, 1, 2, 3]
    # Neither model shuffles, so that the interruption must not show at all.
    np.testing.assert_allclose(log["loss"], uninterrupted["loss"], rtol=1e-6)


def test_fit_best_killed_after_training_trains_no_more(tmp_path):
    model = build()
    log = fit(model, tmp_path)
    again = build()
    assert fit(again, tmp_path) == log
    np.testing.assert_array_equal(again.get_weights()[0], model.get_weights()[0])


def test_fit_best_after_finish_starts_anew(tmp_path):
    fit(build(), tmp_path, epochs=2)
    finish(tmp_path)
    assert fit(build(), tmp_path, epochs=1)["epoch"] == [0]


def test_fit_best_with_other_settings_raises(tmp_path):
    fit(build(), tmp_path, units=4)
    with pytest.raises(ValueError, match=r"units.* 4.* 8"):
        fit(build(), tmp_path, units=8)
    assert json.loads((tmp_path / "settings.json").read_text()) == {"units": 4}


def test_load_best_gives_weights_of_finished_run(tmp_path):
    model, other = build(), build()
    log = fit(model, tmp_path, units=4)
    finish(tmp_path)
    assert load_best(other, tmp_path, {"units": 4}) == log
    np.testing.assert_array_equal(other.get_weights()[0], model.get_weights()[0])
    assert other.optimizer.learning_rate == model.optimizer.learning_rate
    with pytest.raises(ValueError, match=r"units.* 4.* 8"):
        load_best(other, tmp_path, {"units": 8})
    with pytest.raises(ValueError, match=r"best\.weights\.h5"):
        load_best(other, tmp_path / "run", {})


def test_finish_leaves_best_weights_and_log(tmp_path):
    fit(build(), tmp_path)
    finish(tmp_path)
    finish(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        *("best.weights.h5", "epochs.csv", "settings.json")
    }


def test_fit_best_with_unknown_mode_raises(tmp_path):
    with pytest.raises(ValueError, match="mode 'mix'"):
        fit_best(build(), data(), data(1), 1, tmp_path, {}, mode="mix")


@pytest.mark.parametrize("name", ["epochs", "patience", "average"])
def test_fit_best_without_positive_number_raises(tmp_path, name):
    arguments = {"epochs": 1, "directory": tmp_path, "settings": {}, name: 0}
    with pytest.raises(ValueError, match=f"{name}.*0"):
        fit_best(build(), data(), data(1), **arguments)


def test_fit_best_logs_learning_rate_and_leaves_it_alone(tmp_path):
    model = build()
    rates = fit(model, tmp_path, epochs=3)["learning_rate"]
    np.testing.assert_allclose(rates, [1e-3] * 3, rtol=1e-6)
    assert model.optimizer.learning_rate.numpy() == np.float32(1e-3)
