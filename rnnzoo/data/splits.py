"""`Splits`: a data set in three parts."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Self

import tensorflow as tf

EMBEDDED = "embedded"
OWN_LICENCE = "Apache-2.0; synthetic, made by rnnzoo"
_HELD_OUT = 5  # percent of `train`, for a split that is missing


@dataclasses.dataclass(frozen=True, kw_only=True)
class Splits:
    """A data set in three parts: for training, for choosing, for the report.

    Args:
        name: Name of the data set.
        version: Its version.
        train: Examples to train on.
        validation: Examples to choose settings and the best epoch by.
        test: Examples to report on.
        test_split: Name of the split that `test` is.
        licence: Licence of the data, or where to look for it.
        variant: What part of the data set is used, such as the languages.
        settings: Settings of a model that follow from the data, such as the names of
            the labels.
    """

    name: str
    version: str
    train: tf.data.Dataset
    validation: tf.data.Dataset
    test: tf.data.Dataset
    test_split: str = "test"
    licence: str = "not stated"
    variant: str = ""
    settings: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def title(self) -> str:
        """Name, version and variant."""
        return f"{self.name} {self.version} {self.variant}".strip()

    def take(self, count: int) -> Self:
        """Returns the first `count` examples of each split, for a quick try."""
        return self.apply(lambda dataset: dataset.take(count))

    def apply(self, change: Callable[[tf.data.Dataset], tf.data.Dataset]) -> Self:
        """Returns the splits with each of the three data sets changed."""
        parts = ("train", "validation", "test")
        changed = {part: change(getattr(self, part)) for part in parts}
        return dataclasses.replace(self, **changed)


def three_splits(name: str, given: list[str]) -> tuple[str, str, str]:
    """Returns the tfds names of `train`, `validation` and `test`.

    Where the labels of `test` are not public, `validation` is the test. For a missing
    split, 5 % of `train` are held out, from its end.

    Args:
        name: Name of the data set, for the error.
        given: Its splits with labels.

    Raises:
        ValueError: If there is no `train`.

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
    """Returns the examples for training, and every twentieth, held out.

    >>> hold_out([1]), [len(part) for part in hold_out([0] * 40)]
    (([1], [1]), [38, 2])
    """
    learned = [example for i, example in enumerate(examples) if i % 20]
    return learned or examples, examples[::20]


def splits_of_files(
    train: list,
    read: Callable[[Any], list],
    to_dataset: Callable[[list], tf.data.Dataset],
    *,
    validation: Any,
    test: Any,
    **about: Any,
) -> Splits:
    """Returns the splits of files of the user.

    Args:
        train: Examples of the training file.
        read: Function from a file to its examples.
        to_dataset: Function from examples to a data set.
        validation: File to choose by; `None` holds out a part of `train`.
        test: File to report on.
        **about: Further arguments of `Splits`.
    """
    train, held_out = (
        hold_out(train) if validation is None else (train, read(validation))
    )
    return Splits(
        version="of the user",
        train=to_dataset(train),
        validation=to_dataset(held_out),
        test=to_dataset(read(test)),
        **about,
    )


def check_file_options(
    name: str,
    files: Mapping[str, object],
    file_options: Mapping[str, object],
    dataset_options: Mapping[str, object],
) -> bool:
    """Returns whether files of the user are read, and checks what goes with them.

    Args:
        name: Name of a data set.
        files: The arguments for the training and for the test file, by name.
        file_options: Other arguments that need files.
        dataset_options: Arguments that need a data set.

    Raises:
        ValueError: If arguments do not go together.
    """
    missing = [argument for argument, value in files.items() if value is None]
    both = " and ".join(f"`{argument}`" for argument in files)
    if len(missing) == 1:
        raise ValueError(f"Expected {both}, got no `{missing[0]}`.")
    reads_files = not missing
    for argument, value in (dataset_options if reads_files else file_options).items():
        if value is not None:
            needed = "a data set, not files" if reads_files else f"files: give {both}"
            raise ValueError(f"`{argument}` goes with {needed}.")
    if reads_files and name != EMBEDDED:
        raise ValueError(
            f"Expected a data set or {both}, got both: {name!r} and files."
        )
    return reads_files
