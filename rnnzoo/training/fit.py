"""`fit_best`: training that survives an interruption and keeps its best epoch."""

import csv
import json
import operator
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive
from rnnzoo.names import look_up
from rnnzoo.training.callbacks import (
    Backup,
    Candidates,
    Clock,
    LearningRate,
    Measure,
    save_weights,
)
from rnnzoo.versions import versions

# Files in the folder of a run.
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

    The state after every epoch is backed up in `directory`. If the process is
    killed, the same call in a new process continues after the last whole epoch. Call
    `finish` once the results are stored.

    Args:
        model: Compiled model whose weights exist.
        train: Batches to train on.
        validation: Batches to choose the epoch by.
        epochs: Number of epochs.
        directory: Folder for backup, log and best weights.
        settings: Settings of the run, as JSON can store them; a run is resumed only
            with the same ones.
        monitor: Logged value that chooses the best epoch.
        mode: "min" if its lowest value is the best, "max" if its highest.
        measure: Function that is called after every epoch; its values are logged.
        patience: Number of epochs without improvement after which training stops;
            `None` for no such limit.
        average: Number of best epochs whose weights are averaged in the end (Vaswani
            et al. 2017, section 6.1, average the last ones).

    Returns:
        The log: for each value a list over the epochs. `seconds` is the time of an
        epoch, compilation and validation included.

    Raises:
        ValueError: If a number of epochs is not positive, `mode` is unknown, or
            `directory` holds an interrupted run with other settings.
    """
    check_positive(epochs=epochs, average=average)
    if patience is not None:
        check_positive(patience=patience)
    sign = look_up("mode", mode, {"min": 1, "max": -1})
    directory = Path(directory)
    log, best = directory / _LOG, directory / _BEST
    _start_or_resume(directory, settings, stale=(log, best))
    whole = versions(_backup(directory))
    candidates = Candidates(
        _candidates(directory),
        read_log(log),
        whole=whole[-1] if whole else 0,
        monitor=monitor,
        sign=sign,
        count=average,
        patience=patience,
    )
    callbacks = [
        LearningRate(),
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
        shuffle=False,  # The batches are shuffled already.
    )
    _load_average(model, candidates.paths())
    save_weights(model, best)
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
    # The file holds the optimizer's state, too.
    model.optimizer.build(model.trainable_variables)
    model.load_weights(directory / _BEST)
    return read_log(directory / _LOG)


def finish(directory: str | Path) -> None:
    """Deletes the backup of a run: the next run in `directory` starts from scratch."""
    backup = _backup(Path(directory))
    if backup.exists():
        # Renamed first: half of a backup must not be taken for one.
        shutil.rmtree(backup.rename(backup.with_name(f"done-{time.time_ns()}")))
    shutil.rmtree(_candidates(Path(directory)), ignore_errors=True)


def read_log(path: str | Path) -> dict[str, list[float]]:
    """Reads the log of `keras.callbacks.CSVLogger`; empty if there is none.

    An epoch that was interrupted after it was logged is there twice: the later one
    counts.
    """
    path = Path(path)
    if not path.exists():
        return {}
    with path.open(newline="") as file:
        epochs = {row["epoch"]: row for row in csv.DictReader(file)}
    rows = list(epochs.values())
    return {k: [float(row[k]) for row in rows] for k in (rows[0] if rows else ())}


def _load_average(model: keras.Model, paths: list[Path]) -> None:
    """Loads the mean of the trained weights; others are those of the first file."""
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
    """Checks that a run may be resumed; writes the settings of a new one."""
    if versions(_backup(directory)):
        if changed := _changed(directory, settings):
            raise ValueError(
                f"{directory} holds an interrupted run with other settings "
                f"({changed}). Repeat it with those to resume it, delete the "
                "folder to start from scratch, or choose another one."
            )
        return
    directory.mkdir(parents=True, exist_ok=True)
    (directory / _SETTINGS).write_text(json.dumps(settings, indent=2) + "\n")
    shutil.rmtree(_candidates(directory), ignore_errors=True)
    for path in stale:
        path.unlink(missing_ok=True)


def _changed(directory: Path, settings: dict) -> str:
    """Describes the settings that differ from those of a run; "" if none does."""
    before = json.loads((directory / _SETTINGS).read_text())
    settings = json.loads(json.dumps(settings))
    return "; ".join(
        f"{name} was {before.get(name)!r}, is {settings.get(name)!r}"
        for name in sorted({*before, *settings})
        if before.get(name) != settings.get(name)
    )
