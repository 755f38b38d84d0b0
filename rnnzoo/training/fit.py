"""`fit_best`: training that can be resumed and keeps its best epoch."""

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

# Files and folders in the folder of a run.
_LOG, _BEST, _SETTINGS = "epochs.csv", "best.weights.h5", "settings.json"
_BACKUP, _CANDIDATES = "backup", "candidates"


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
    """Trains a compiled model and loads the weights of its best epoch.

    The state after every epoch is backed up in `directory`. If the process is killed,
    the same call in a new process resumes after the last complete epoch. Call `finish`
    once the results are stored.

    Args:
        model: Compiled model with weights.
        train: Training batches.
        validation: Validation batches, which choose the epoch.
        epochs: Number of epochs.
        directory: Folder for backup, log and best weights.
        settings: JSON-serializable settings; a run is resumed only with the same ones.
        monitor: Logged value that chooses the best epoch.
        mode: "min" if the lowest value is best, "max" if the highest is.
        measure: Function called after every epoch, whose values are logged.
        patience: Stop after this many epochs without improvement; `None` for no limit.
        average: Number of best epochs whose weights are averaged in the end (Vaswani
            et al. 2017, section 6.1, average the last ones).

    Returns:
        The log, a list over the epochs for each value. `seconds` is the duration of an
        epoch, including compilation and validation.

    Raises:
        ValueError: If a number of epochs is not positive, `mode` is unknown, or
            `directory` holds an interrupted run with other settings.
    """
    check_positive(epochs=epochs, average=average)
    if patience is not None:
        check_positive(patience=patience)
    sign = look_up("mode", mode, {"min": 1, "max": -1})
    directory = Path(directory)
    log = directory / _LOG
    _start_or_resume(directory, settings)
    backups = versions(directory / _BACKUP)
    candidates = Candidates(
        directory / _CANDIDATES,
        read_log(log),
        whole=backups[-1] if backups else 0,
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
        # Last, so that every epoch is logged before it is backed up.
        Backup(directory / _BACKUP),
    ]
    model.fit(
        train,
        validation_data=validation,
        epochs=candidates.last_epoch(epochs),
        callbacks=callbacks,
        shuffle=False,  # The batches are shuffled already.
    )
    _load_average(model, candidates.paths())
    save_weights(model, directory / _BEST)
    return read_log(log)


def load_best(
    model: keras.Model, directory: str | Path, settings: dict
) -> dict[str, list[float]]:
    """Loads the weights of a finished run of `fit_best`.

    Args:
        model: Compiled model with weights.
        directory: Folder of the run.
        settings: Settings of the run, see `fit_best`.

    Returns:
        The log of the run.

    Raises:
        ValueError: If `directory` holds no finished run, or one with other settings.
    """
    directory = Path(directory)
    if not (directory / _BEST).exists():
        raise ValueError(
            f"{directory} holds no finished run to load: there is no {_BEST} in it."
        )
    if changed := _changed(directory, settings):
        raise ValueError(
            f"{directory} holds a run with other settings ({changed}). Use those."
        )
    # The file holds the optimizer's state too.
    model.optimizer.build(model.trainable_variables)
    model.load_weights(directory / _BEST)
    return read_log(directory / _LOG)


def finish(directory: str | Path) -> None:
    """Deletes the backup of a run: the next run in `directory` starts from scratch."""
    backup = Path(directory) / _BACKUP
    if backup.exists():
        # Renamed first, so that no partly deleted backup can be resumed.
        shutil.rmtree(backup.rename(backup.with_name(f"done-{time.time_ns()}")))
    shutil.rmtree(Path(directory) / _CANDIDATES, ignore_errors=True)


def read_log(path: str | Path) -> dict[str, list[float]]:
    """Returns the log of `keras.callbacks.CSVLogger`; empty if there is none.

    An epoch that was logged and interrupted before its backup occurs twice. Its last
    row counts.
    """
    path = Path(path)
    if not path.exists():
        return {}
    with path.open(newline="") as file:
        epochs = {row["epoch"]: row for row in csv.DictReader(file)}
    rows = list(epochs.values())
    return {k: [float(row[k]) for row in rows] for k in (rows[0] if rows else ())}


def _load_average(model: keras.Model, paths: list[Path]) -> None:
    """Loads the mean of the trainable weights, and the others of the first file."""
    sums = []
    for path in reversed(paths):
        model.load_weights(path)
        trained = [weight.numpy() for weight in model.trainable_variables]
        sums = list(map(operator.add, sums, trained)) if sums else trained
    for weight, total in zip(model.trainable_variables, sums, strict=True):
        weight.assign(total / len(paths))


def _start_or_resume(directory: Path, settings: dict) -> None:
    """Checks that a run may be resumed; writes the settings of a new one."""
    if versions(directory / _BACKUP):
        if changed := _changed(directory, settings):
            raise ValueError(
                f"{directory} holds an interrupted run with other settings "
                f"({changed}). Repeat it with those to resume it, delete the "
                "folder to start from scratch, or choose another one."
            )
        return
    directory.mkdir(parents=True, exist_ok=True)
    (directory / _SETTINGS).write_text(json.dumps(settings, indent=2) + "\n")
    shutil.rmtree(directory / _CANDIDATES, ignore_errors=True)
    for name in (_LOG, _BEST):
        (directory / name).unlink(missing_ok=True)


def _changed(directory: Path, settings: dict) -> str:
    """Returns a description of the settings that differ from those of a run."""
    before = json.loads((directory / _SETTINGS).read_text())
    settings = json.loads(json.dumps(settings))
    return "; ".join(
        f"{name} was {before.get(name)!r}, is {settings.get(name)!r}"
        for name in sorted({*before, *settings})
        if before.get(name) != settings.get(name)
    )
