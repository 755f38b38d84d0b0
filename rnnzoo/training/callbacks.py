"""Callbacks of `fit_best` for metrics, best epochs and backups."""

import math
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import keras

from rnnzoo.versions import versions


class Clock(keras.callbacks.Callback):
    """Logs the duration of an epoch in seconds."""

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        logs["seconds"] = round(time.perf_counter() - self.start, 1)


class LearningRate(keras.callbacks.Callback):
    """Logs the learning rate at the start of an epoch."""

    def on_epoch_begin(self, epoch, logs=None):
        self.rate = float(self.model.optimizer.learning_rate)

    def on_epoch_end(self, epoch, logs=None):
        logs["learning_rate"] = self.rate


class Measure(keras.callbacks.Callback):
    """Logs further metrics of an epoch."""

    def __init__(self, measure: Callable[[], Mapping[str, float]]):
        super().__init__()
        self.measure = measure

    def on_epoch_end(self, epoch, logs=None):
        logs.update(self.measure())


class Candidates(keras.callbacks.Callback):
    """Stores the weights of the best epochs; stops when there is no improvement.

    Args:
        directory: Folder of the weights.
        log: Log of earlier epochs, see `rnnzoo.training.fit.read_log`.
        whole: Number of earlier epochs that were backed up; later ones are repeated.
        monitor: Logged value that chooses the best epoch.
        sign: 1 if the lowest value is best, -1 if the highest is.
        count: Number of epochs to keep.
        patience: Stop after this many epochs without improvement, or `None`.
    """

    def __init__(
        self,
        directory: Path,
        log: Mapping[str, list[float]],
        whole: int,
        monitor: str,
        sign: int,
        count: int,
        patience: int | None,
    ):
        super().__init__()
        self.directory = directory
        self.monitor = monitor
        self.sign = sign
        self.count = count
        self.patience = patience
        rows = zip(*log.values(), strict=True)
        rows = [dict(zip(log, row, strict=True)) for row in rows]
        self.values = {
            int(row["epoch"]): self._value(row) for row in rows if row["epoch"] < whole
        }

    def best(self) -> list[int]:
        """Returns the best epochs, best first. Skips NaN unless there is no other."""
        epochs = sorted(self.values)
        numbers = [epoch for epoch in epochs if not math.isnan(self.values[epoch])]
        numbers.sort(key=lambda epoch: self.sign * self.values[epoch])
        return (numbers or epochs[:1])[: self.count]

    def paths(self) -> list[Path]:
        """Returns the paths of the weights of the best epochs."""
        return [self._path(epoch) for epoch in self.best()]

    def last_epoch(self, epochs: int) -> int:
        """Returns the last epoch of training, counted from 1."""
        return max(self.values) + 1 if self.in_vain() else epochs

    def in_vain(self) -> bool:
        """Returns whether the best epoch is more than `patience` epochs ago."""
        if self.patience is None or not self.values:
            return False
        return max(self.values) - self.best()[0] >= self.patience

    def on_epoch_begin(self, epoch, logs=None):
        # Only now the epoch that displaced these weights is backed up.
        for path in set(self.directory.glob("*")) - set(self.paths()):
            path.unlink()

    def on_epoch_end(self, epoch, logs=None):
        self.values[epoch] = self._value(logs)
        if epoch in self.best():
            save_weights(self.model, self._path(epoch))
        self.model.stop_training |= self.in_vain()

    def _value(self, logs):
        # Some metrics of NaN weights are numbers: BLEU is 0.
        diverged = math.isnan(logs["loss"]) or math.isnan(logs["val_loss"])
        return math.nan if diverged else logs[self.monitor]

    def _path(self, epoch):
        return self.directory / f"{epoch}.weights.h5"


def save_weights(model: keras.Model, path: Path) -> None:
    """Saves weights so that the file is complete at any moment."""
    path.parent.mkdir(exist_ok=True)
    temporary = path.with_name("new." + path.name)
    model.save_weights(temporary)
    temporary.replace(path)


class Backup(keras.callbacks.BackupAndRestore):
    """`BackupAndRestore` in numbered folders, each of which is complete.

    Keras overwrites its backup, which is unreadable if the process is killed meanwhile.
    """

    def __init__(self, directory: Path):
        super().__init__(str(directory / "writing"), delete_checkpoint=False)
        self.directory = directory

    def on_train_begin(self, logs=None):
        shutil.rmtree(self.backup_dir, ignore_errors=True)
        if epochs := versions(self.directory):
            shutil.copytree(self.directory / str(epochs[-1]), self.backup_dir)
        super().on_train_begin(logs)

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        earlier = versions(self.directory)
        Path(self.backup_dir).rename(self.directory / str(epoch + 1))
        for number in earlier:
            shutil.rmtree(self.directory / str(number))
