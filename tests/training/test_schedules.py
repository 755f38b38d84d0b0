"""`CosineOverFit`: the learning rate falls over the epochs of a fit."""

import keras
import numpy as np
import pytest
from harness.models import small
from harness.training import Killed, kill_in_epoch, killed

from rnnzoo.training.fit import fit_best, read_log
from rnnzoo.training.schedules import CosineOverFit

RATE = 3e-3  # The default of a classifier.
STEPS = 3  # Nine examples in batches of four.


def cosine(done):
    """Learning rate when this fraction of a fit is done."""
    return RATE * (1 + np.cos(np.pi * np.asarray(done))) / 2


def epoch_rates(epochs, steps):
    """Learning rate of every step of a fit."""
    return np.repeat(cosine(np.arange(epochs) / epochs), steps)


class Rates(keras.callbacks.Callback):
    """Stores the learning rate of every step."""

    def __init__(self):
        super().__init__()
        self.rates = []

    def on_train_batch_begin(self, batch, logs=None):
        self.rates.append(float(self.model.optimizer.learning_rate))


def rates_of_fit(model, data, **arguments):
    rates = Rates()
    model.fit(data, callbacks=[rates], verbose=0, **arguments)
    return rates.rates


def test_schedule_before_start_is_constant():
    schedule = CosineOverFit(0.1)
    np.testing.assert_allclose([schedule(0), schedule(1000)], 0.1, rtol=1e-6)


def test_schedule_after_start_falls_along_half_a_cosine_to_zero():
    schedule = CosineOverFit(RATE)
    schedule.start(first_step=10, steps_per_epoch=2, epochs=4)
    rates = [float(schedule(step)) for step in (0, 10, 11, 12, 14, 18, 99)]
    wanted = cosine([0, 0, 0, 0.25, 0.5, 1, 1])
    np.testing.assert_allclose(rates, wanted, rtol=1e-5, atol=1e-9)


def test_fit_lets_rate_fall_over_all_its_steps(reviews):
    rates = rates_of_fit(small(dataset=reviews), reviews, epochs=2)
    np.testing.assert_allclose(rates, epoch_rates(2, STEPS), rtol=1e-5)


def test_fit_of_batches_lets_rate_fall_too(reviews):
    model = small(dataset=reviews)
    rates = rates_of_fit(model, model.pipeline(reviews, training=True), epochs=2)
    np.testing.assert_allclose(rates, epoch_rates(2, STEPS), rtol=1e-5)


def test_fit_with_steps_per_epoch_lets_rate_fall_over_these(reviews):
    model = small(dataset=reviews)
    rates = rates_of_fit(model, reviews, epochs=2, steps_per_epoch=2)
    np.testing.assert_allclose(rates, epoch_rates(2, 2), rtol=1e-5)


def test_fit_a_second_time_starts_again(reviews):
    model = small(dataset=reviews)
    first, second = (rates_of_fit(model, reviews, epochs=2) for _ in range(2))
    np.testing.assert_allclose(first, second, rtol=1e-5)


def test_fit_with_initial_epoch_continues_schedule(reviews):
    """As of a fit that trains from epoch 0."""
    model = small(dataset=reviews)
    model.fit(reviews, epochs=1, verbose=0)
    rates = rates_of_fit(model, reviews, epochs=2, initial_epoch=1)
    np.testing.assert_allclose(rates, epoch_rates(2, STEPS)[STEPS:], rtol=1e-5)


def test_fit_with_constant_schedule_keeps_rate(reviews):
    model = small(dataset=reviews, learning_rate_schedule="constant")
    rates = rates_of_fit(model, reviews, epochs=2)
    np.testing.assert_allclose(rates, [RATE] * 6, rtol=1e-6)


def test_fit_compiled_by_xla_follows_schedule(reviews):
    """The step of the second fit is compiled already, and lasts longer."""
    model = small("sentiment_bag_of_words", reviews)
    model.run_eagerly = False
    assert model.jit_compile
    for epochs in (1, 2):
        rates = rates_of_fit(model, reviews, epochs=epochs)
        wanted = epoch_rates(epochs, STEPS)
        np.testing.assert_allclose(rates, wanted, rtol=1e-5)


def test_fit_compiled_by_xla_trains_at_the_rate_of_the_schedule(reviews):
    """Once the rate is zero, the weights stay as they are."""
    model = small("sentiment_bag_of_words", reviews)
    model.run_eagerly = False
    batches = model.pipeline(reviews)
    model.fit(batches, epochs=1, verbose=0)
    before = model.get_weights()
    model.optimizer._learning_rate.start(0, 1, 1)  # It is over by now.
    for x, y, weights in batches:
        model.train_on_batch(x, y, weights)
    np.testing.assert_array_equal(before[0], model.get_weights()[0])


@killed
def test_fit_best_resumed_continues_schedule(reviews, tmp_path, monkeypatch):
    def train():
        model = small(dataset=reviews)
        batches = model.pipeline(reviews)
        fit_best(model, batches, batches, 4, tmp_path, {})

    with monkeypatch.context() as patch, pytest.raises(Killed):
        kill_in_epoch(2, patch)
        train()
    assert len(read_log(tmp_path / "epochs.csv")["epoch"]) == 2
    train()
    rates = read_log(tmp_path / "epochs.csv")["learning_rate"]
    np.testing.assert_allclose(rates, cosine(np.arange(4) / 4), rtol=1e-5)


def test_schedule_is_saved_with_the_model(reviews, tmp_path):
    """The loaded model trains from the first rate on."""
    model = small(dataset=reviews)
    model.fit(reviews, epochs=1, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert float(loaded.optimizer.learning_rate) == pytest.approx(RATE)
    loaded.run_eagerly = True
    rates = rates_of_fit(loaded, reviews, epochs=1)
    np.testing.assert_allclose(rates, epoch_rates(1, STEPS), rtol=1e-5)


def test_schedule_round_trips_through_config():
    serialized = keras.saving.serialize_keras_object(CosineOverFit(0.25))
    restored = keras.saving.deserialize_keras_object(serialized)
    assert isinstance(restored, CosineOverFit)
    assert restored.get_config() == {"initial_learning_rate": 0.25}


@pytest.mark.parametrize("rate", [0, -1.0, float("nan")])
def test_schedule_without_positive_rate_raises(rate):
    with pytest.raises(ValueError, match=f"initial_learning_rate.*{rate}"):
        CosineOverFit(rate)
