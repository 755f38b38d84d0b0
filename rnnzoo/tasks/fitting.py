"""Parts of `fit` besides training: validation split, class weights, rate decay."""

import contextlib
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from rnnzoo.training.schedules import CosineOverFit


def split_validation(x, y, sample_weight, fraction: float, validation_data):
    """Holds out the last part of lists or arrays, as Keras does.

    Args:
        x: List, array or pandas column of inputs.
        y: That of the targets; or several in a tuple.
        sample_weight: That of the weights, or `None`.
        fraction: Fraction that is held out.
        validation_data: Must be `None`.

    Returns:
        `x`, `y` and `sample_weight` of the first part, and `(x, y, sample_weight)` of
        the second.

    Raises:
        ValueError: If `x` is a data set, or the fraction is not in (0, 1).
    """
    if isinstance(x, tf.data.Dataset):
        raise ValueError(
            "`validation_split` takes lists or arrays, got a tf.data.Dataset. Give "
            "`validation_data`, such as `data.take(1000)` with `data.skip(1000)` as x."
        )
    if not 0 < fraction < 1 or validation_data is not None:
        raise ValueError(
            "Expected `validation_split` in (0, 1) and no `validation_data`, got "
            f"{fraction!r} and {type(validation_data).__name__}."
        )
    count = len(x)
    kept = count - int(np.ceil(count * fraction))
    if kept < 1:
        raise ValueError(
            f"`validation_split={fraction}` leaves no example of {count} to train on."
        )
    columns = y if isinstance(y, tuple) else (y,)
    first, second = [], []
    for column in (x, *columns, sample_weight):
        first.append(None if column is None else column[:kept])
        second.append(None if column is None else column[kept:])

    def joined(parts):
        return tuple(parts) if isinstance(y, tuple) else parts[0]

    return (
        *(first[0], joined(first[1:-1]), first[-1]),
        (second[0], joined(second[1:-1]), second[-1]),
    )


def class_weighted(
    batches: Any,
    class_weight: Mapping[int | str, float],
    names: Sequence[str] | None,
) -> tf.data.Dataset:
    """Multiplies the weights of batches by those of the classes.

    Args:
        batches: Data set of `(x, y, weights)`.
        class_weight: Weights by number or name; 1 for a class that is not there.
        names: Names of the classes, or `None` where a model has no such classes.

    Raises:
        ValueError: If there are no classes to weigh, or one is unknown.
    """
    if names is None or not isinstance(batches, tf.data.Dataset):
        raise ValueError(
            "`class_weight` weighs the classes of raw examples or of batches from "
            "`pipeline`, where an example has one class. Give `sample_weight` instead."
        )
    weights = np.ones(len(names), "float32")
    for key, weight in class_weight.items():
        number = names.index(key) if key in names else key
        if not isinstance(number, (int, np.integer)) or not 0 <= number < len(names):
            raise ValueError(
                f"`class_weight` names an unknown class {key!r}. Known: "
                f"{list(names)}, or their numbers from 0."
            )
        weights[number] = weight

    def weigh(x, y, weight=None):
        of_class = tf.gather(tf.constant(weights), y)
        return x, y, of_class if weight is None else weight * of_class

    return batches.map(weigh)


def merged_metrics(metrics: Any, weighted_metrics: Any) -> Any:
    """Returns the arguments `metrics` and `weighted_metrics` of `compile` as one."""
    if metrics is None or weighted_metrics is None:
        return weighted_metrics if metrics is None else metrics
    if not isinstance(metrics, Mapping):
        return [*metrics, *weighted_metrics]
    return {
        name: keras.tree.flatten(
            [metrics.get(name, []), weighted_metrics.get(name, [])]
        )
        for name in {**metrics, **weighted_metrics}
    }


def check_rate_callbacks(optimizer: keras.optimizers.Optimizer, callbacks: Any) -> None:
    """Raises a ValueError for callbacks that set a learning rate which has a schedule.

    Args:
        optimizer: Optimizer of the model.
        callbacks: Argument of `fit`.
    """
    setters = keras.callbacks.LearningRateScheduler, keras.callbacks.ReduceLROnPlateau
    callbacks = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
    names = [type(c).__name__ for c in callbacks if isinstance(c, setters)]
    if names and _schedule(optimizer) is not None:
        raise ValueError(
            f"{names[0]} sets the learning rate, which falls along a cosine here. "
            'Build the model with `learning_rate_schedule="constant"`.'
        )


def count_batches(x: Any, batch_size: int | None, held_out: float = 0.0) -> int:
    """Returns the number of batches of a data set or of arrays; negative if unknown.

    Args:
        x: Data set of batches, or nested arrays.
        batch_size: Number of rows in a batch of arrays; 32 by default, as in Keras.
        held_out: Fraction of the arrays that Keras holds out for validation.
    """
    if isinstance(x, tf.data.Dataset):
        return int(x.cardinality())
    rows = math.floor(len(tf.nest.flatten(x)[0]) * (1 - held_out))
    return math.ceil(rows / (batch_size or 32))


@contextlib.contextmanager
def learning_rate_decay(
    optimizer: keras.optimizers.Optimizer, steps: int, initial_epoch: int, epochs: int
) -> Iterator[None]:
    """Lets the learning rate fall over a `fit`, if its schedule is a `CosineOverFit`.

    Args:
        optimizer: Optimizer of the model.
        steps: Number of batches in an epoch; the rate stays constant if it is unknown.
        initial_epoch: Number of the first epoch of this `fit`.
        epochs: Number of the epoch after the last one.
    """
    schedule = _schedule(optimizer)
    if steps <= 0 or schedule is None:
        yield
        return
    done = int(keras.ops.convert_to_numpy(_inner(optimizer).iterations))
    schedule.start(done - initial_epoch * steps, steps, epochs)
    try:
        yield
    finally:
        schedule.stop()


def _inner(optimizer):
    # A `LossScaleOptimizer` wraps the optimizer of mixed precision.
    return getattr(optimizer, "inner_optimizer", optimizer)


def _schedule(optimizer) -> CosineOverFit | None:
    schedule = getattr(_inner(optimizer), "_learning_rate", None)
    return schedule if isinstance(schedule, CosineOverFit) else None
