"""Training that survives an interruption, and keeps its best epoch."""

import csv
import json
import math
import operator
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive
from rnnzoo.names import look_up
from rnnzoo.training.callbacks import Backup, Candidates, Clock, Measure, save_weights
from rnnzoo.versions import versions

# What a run leaves in its folder.
_LOG, _BEST, _SETTINGS = "epochs.csv", "best.weights.h5", "settings.json"


def fit_best(
    model: keras.Model,
    train: tf.data.Dataset,
    validation: tf.data.Dataset,
    epochs: int,
    directory: str | Path,
    settings: dict,
    monitor: str = "val_loss",
    mode: str = "min",
    measure: Callable[[], Mapping[str, float]] | None = None,
    patience: int | None = None,
    average: int = 1,
) -> dict[str, list[float]]:
    """Trains a compiled model and leaves it with the weights of its best epoch.

    The learning rate falls from that of the compiled model towards zero along half
    a cosine (Loshchilov & Hutter 2017, without restarts).

    The state after every epoch is backed up in `directory`. If the process is
    killed, the same call in a new one goes on after the last whole epoch; once
    the work is done and its fruits are stored, call `finish`.

    Args:
        model: a compiled model whose weights exist.
        train: batches to train on.
        validation: batches to choose the epoch by.
        epochs: how often `train` is gone through.
        directory: where backup, log and best weights are kept.
        settings: what the run was started with, as JSON has it; a run is resumed
            only with the same.
        monitor: the logged value that tells the best epoch.
        mode: "min" if its lowest value does, "max" if its highest.
        measure: called after every epoch; what it returns is logged, too.
        patience: after how many epochs without a better one training ends; `None`:
            it goes through all.
        average: of how many of the best epochs the weights are averaged in the end
            (Vaswani et al. 2017, section 6.1, of the last ones).

    Returns:
        The log: a list, over the epochs, for each value; `seconds` is how long an
        epoch took, compilation and validation included.

    Raises:
        ValueError: if a number of epochs is not positive, `mode` is neither, or
            `directory` holds an interrupted run with other settings.
    """
    check_positive(epochs=epochs, average=average)
    if patience is not None:
        check_positive(patience=patience)
    sign = look_up("mode", mode, {"min": 1, "max": -1})
    directory = Path(directory)
    log, best = directory / _LOG, directory / _BEST
    _start_or_resume(directory, settings, stale=(log, best))
    rate = float(model.optimizer.learning_rate)
    whole = versions(_backup(directory))
    candidates = Candidates(
        _candidates(directory),
        *(read_log(log), whole[-1] if whole else 0),
        *(monitor, sign, average, patience),
    )
    callbacks = [
        keras.callbacks.LearningRateScheduler(
            lambda epoch: rate * (1 + math.cos(math.pi * epoch / epochs)) / 2
        ),
        Measure(measure or dict),
        Clock(),
        candidates,
        keras.callbacks.CSVLogger(str(log), append=True),
        # Last, so that an epoch is never backed up without being logged.
        Backup(_backup(directory)),
    ]
    model.fit(
        train,
        validation_data=validation,
        epochs=candidates.last_epoch(epochs),
        callbacks=callbacks,
        shuffle=False,  # Whoever made the batches has shuffled them.
    )
    _load_average(model, candidates.paths())
    save_weights(model, best)
    model.optimizer.learning_rate = rate
    return read_log(log)


def load_best(
    model: keras.Model, directory: str | Path, settings: dict
) -> dict[str, list[float]]:
    """Gives a model the weights that `fit_best` left behind.

    Args:
        model: a compiled model whose weights exist.
        directory: that of the run.
        settings: as in `fit_best`; those of the run must be the same.

    Returns:
        The log of the run.

    Raises:
        ValueError: if `directory` holds no run that came to its end, or one with other
            settings.
    """
    directory = Path(directory)
    if not (directory / _BEST).exists():
        raise ValueError(
            f"{directory} holds no finished run, whose model could be taken: there is "
            f"no {_BEST} in it."
        )
    if changed := _changed(directory, settings):
        raise ValueError(
            f"{directory} holds a run with other settings ({changed}). Repeat it with "
            "those."
        )
    # Its state is in the file, too, and in that the rate of a late epoch.
    rate = float(model.optimizer.learning_rate)
    model.optimizer.build(model.trainable_variables)
    model.load_weights(directory / _BEST)
    model.optimizer.learning_rate = rate
    return read_log(directory / _LOG)


def finish(directory: str | Path) -> None:
    """Ends a run: the next one in `directory` starts anew."""
    backup = _backup(Path(directory))
    if backup.exists():
        # Renamed first: half of a backup must not be taken for one.
        shutil.rmtree(backup.rename(backup.with_name(f"done-{time.time_ns()}")))
    shutil.rmtree(_candidates(Path(directory)), ignore_errors=True)


def read_log(path: str | Path) -> dict[str, list[float]]:
    """Reads what `keras.callbacks.CSVLogger` wrote; empty where it wrote nothing.

    An epoch that was interrupted after it was logged stands there twice; the
    later time counts.
    """
    path = Path(path)
    if not path.exists():
        return {}
    with path.open(newline="") as file:
        epochs = {row["epoch"]: row for row in csv.DictReader(file)}
    rows = list(epochs.values())
    return {k: [float(row[k]) for row in rows] for k in (rows[0] if rows else ())}


def _load_average(model: keras.Model, paths: list[Path]) -> None:
    """The mean of what was trained; the rest is that of the first file."""
    sums = []
    for path in reversed(paths):
        model.load_weights(path)
        trained = [weight.numpy() for weight in model.trainable_variables]
        sums = list(map(operator.add, sums, trained)) if sums else trained
    for weight, total in zip(model.trainable_variables, sums, strict=True):
        weight.assign(total / len(paths))


def _backup(directory: Path) -> Path:
    return directory / "backup"


def _candidates(directory: Path) -> Path:
    return directory / "candidates"


def _start_or_resume(directory: Path, settings: dict, stale: tuple[Path, ...]) -> None:
    """Checks that a run may go on; for a new one, notes what it is."""
    if versions(_backup(directory)):
        if changed := _changed(directory, settings):
            raise ValueError(
                f"{directory} holds an interrupted run with other settings "
                f"({changed}). Repeat it with those to go on, delete the "
                "folder to start anew, or choose another one."
            )
        return
    directory.mkdir(parents=True, exist_ok=True)
    (directory / _SETTINGS).write_text(json.dumps(settings, indent=2) + "\n")
    shutil.rmtree(_candidates(directory), ignore_errors=True)
    for path in stale:
        path.unlink(missing_ok=True)


def _changed(directory: Path, settings: dict) -> str:
    """What is not as it was in the run of a folder, in words; "" if all is."""
    before = json.loads((directory / _SETTINGS).read_text())
    settings = json.loads(json.dumps(settings))
    return "; ".join(
        f"{name} was {before.get(name)!r}, is {settings.get(name)!r}"
        for name in sorted({*before, *settings})
        if before.get(name) != settings.get(name)
    )
