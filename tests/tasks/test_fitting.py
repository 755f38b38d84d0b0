"""Arguments of `fit`, without a model."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.tasks.fitting import (
    check_rate_callbacks,
    class_weighted,
    count_batches,
    learning_rate_decay,
    merged_metrics,
    split_validation,
)
from rnnzoo.training.schedules import CosineOverFit

BATCHES = tf.data.Dataset.from_tensor_slices(([[1], [2], [3]], [0, 1, 0])).batch(2)
HALVE = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)


def test_split_validation_holds_out_the_last_part():
    x, y, weight, held_out = split_validation(
        list("abcd"), [1, 2, 3, 4], None, 0.3, None
    )
    assert (x, y, weight) == (["a", "b"], [1, 2], None)
    assert held_out == (["c", "d"], [3, 4], None)


def test_split_validation_splits_every_target():
    _, y, weight, held_out = split_validation(
        list("abcd"), ([1, 2, 3, 4], list("wxyz")), np.arange(4), 0.25, None
    )
    assert y == ([1, 2, 3], ["w", "x", "y"])
    assert weight.tolist() == [0, 1, 2]
    assert held_out[1:] == (([4], ["z"]), 3)


@pytest.mark.parametrize(
    ("x", "fraction", "data", "message"),
    [
        (BATCHES, 0.5, None, "`validation_split`.*Dataset"),
        ([1, 2], 1.0, None, r"`validation_split`.*1\.0"),
        ([1, 2], 0.5, ([1], [1]), "`validation_data`.*tuple"),
        ([1], 0.5, None, "validation_split=0.5.* 1 "),
    ],
)
def test_split_validation_without_a_rest_raises(x, fraction, data, message):
    with pytest.raises(ValueError, match=message):
        split_validation(x, x, None, fraction, data)


@pytest.mark.parametrize("weight", [{1: 3.0}, {"pos": 3.0}])
def test_class_weighted_multiplies_the_weights(weight):
    weighted = class_weighted(BATCHES, weight, ["neg", "pos"])
    assert [w.tolist() for *_, w in weighted.as_numpy_iterator()] == [[1, 3], [1]]
    halves = BATCHES.map(lambda x, y: (x, y, tf.fill(tf.shape(y), 0.5)))
    weighted = class_weighted(halves, weight, ["neg", "pos"])
    assert [w.tolist() for *_, w in weighted.as_numpy_iterator()] == [[0.5, 1.5], [0.5]]


@pytest.mark.parametrize(
    ("names", "weight", "message"),
    [
        (None, {0: 1.0}, "`class_weight`.*`sample_weight`"),
        (["neg", "pos"], {2: 1.0}, "`class_weight`.* 2"),
        (["neg", "pos"], {"posit": 1.0}, "`class_weight`.*'posit'"),
    ],
)
def test_class_weight_of_an_unknown_class_raises(names, weight, message):
    with pytest.raises(ValueError, match=message):
        class_weighted(BATCHES, weight, names)


def test_count_batches_counts_those_of_data_sets_and_of_arrays():
    assert count_batches(BATCHES, None) == 2
    assert count_batches({"ids": np.zeros([33, 4])}, None) == 2
    assert count_batches(np.zeros([33, 4]), 11) == 3
    assert count_batches(np.zeros([33, 4]), 11, held_out=0.5) == 2


@pytest.mark.parametrize(
    ("metrics", "weighted", "merged"),
    [
        (None, ["a"], ["a"]),
        (["a"], None, ["a"]),
        (["a"], ["b"], ["a", "b"]),
        ({"x": "a"}, {"x": ["b"], "y": "c"}, {"x": ["a", "b"], "y": ["c"]}),
    ],
)
def test_merged_metrics_are_all_metrics(metrics, weighted, merged):
    assert merged_metrics(metrics, weighted) == merged


def test_learning_rate_decay_stops_at_the_end():
    optimizer = keras.optimizers.SGD(CosineOverFit(0.5))
    with learning_rate_decay(optimizer, steps=4, initial_epoch=1, epochs=2):
        assert float(optimizer.learning_rate) == pytest.approx(0.25)
    assert float(optimizer.learning_rate) == pytest.approx(0.5)


def test_callbacks_that_set_a_rate_with_a_schedule_raise():
    optimizer = keras.optimizers.SGD(CosineOverFit(0.5))
    for callbacks in (HALVE, [HALVE]):
        message = "LearningRateScheduler.*learning_rate_schedule"
        with pytest.raises(ValueError, match=message):
            check_rate_callbacks(optimizer, callbacks)
    check_rate_callbacks(keras.optimizers.SGD(0.5), [HALVE])
    check_rate_callbacks(optimizer, None)
