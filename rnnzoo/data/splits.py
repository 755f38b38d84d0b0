"""A data set in three parts: to learn from, to choose by, to report on."""

import dataclasses
from collections.abc import Callable
from typing import Self

import tensorflow as tf

EMBEDDED = "embedded"
OWN_LICENCE = "Apache-2.0; synthetic, made by rnnzoo"
_HELD_OUT = 5  # percent of `train`, for a split that is missing


@dataclasses.dataclass(frozen=True)
class Splits:
    """A data set in three parts.

    Args:
        name: name of the data set.
        version: its version.
        train: the examples to learn from.
        validation: the same, to choose by.
        test: the same, to report on.
        test_split: the name of the split that `test` is.
        licence: that of the data, or where to look for it.
    """

    name: str
    version: str
    train: tf.data.Dataset
    validation: tf.data.Dataset
    test: tf.data.Dataset
    test_split: str = "test"
    licence: str = "not told"

    def take(self, count: int) -> Self:
        """The first `count` examples of each split, for a quick try."""
        return self.apply(lambda dataset: dataset.take(count))

    def apply(self, change: Callable[[tf.data.Dataset], tf.data.Dataset]) -> Self:
        """The same with each of the three data sets changed."""
        parts = ("train", "validation", "test")
        changed = {part: change(getattr(self, part)) for part in parts}
        return dataclasses.replace(self, **changed)


def three_splits(name: str, given: list[str]) -> tuple[str, str, str]:
    """What to read for `train`, `validation` and `test`, in the words of tfds.

    Where the labels of `test` are not public, `validation` is the test; for a split
    that is missing, 5 % of `train` are held out, from its end.

    Args:
        name: the data set's name, for the error.
        given: its splits with labels.

    Raises:
        ValueError: if there is no `train`.

    >>> three_splits("it", ["train", "test"])
    ('train[:95%]', 'train[95%:100%]', 'test')
    """
    if "train" not in given:
        raise ValueError(
            f"The data set {name!r} has no split `train`; it has {', '.join(given)}."
        )
    found = [s for s in ("test", "validation", "dev") if s in given][:2]
    end = 100
    while len(found) < 2:
        found.append(f"train[{end - _HELD_OUT}%:{end}%]")
        end -= _HELD_OUT
    test, validation = found
    return f"train[:{end}%]", validation, test


def hold_out(examples: list) -> tuple[list, list]:
    """Every twentieth example to choose by, the others to learn from.

    >>> hold_out([1]), [len(part) for part in hold_out([0] * 40)]
    (([1], [1]), [38, 2])
    """
    learned = [example for i, example in enumerate(examples) if i % 20]
    return learned or examples, examples[::20]
