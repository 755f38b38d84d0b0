"""Checks of arguments and surroundings, with errors that name them."""

import json
import math
import os
from collections.abc import Sequence
from numbers import Integral, Real
from pathlib import Path


def check_positive(**sizes: int) -> None:
    """Raises a ValueError for what is not a positive integer.

    >>> check_positive(units=0)
    Traceback (most recent call last):
    ValueError: `units` must be a positive integer, got 0.
    """
    for name, size in sizes.items():
        if isinstance(size, bool) or not isinstance(size, Integral) or size < 1:
            raise ValueError(f"`{name}` must be a positive integer, got {size!r}.")


def check_counts(**counts: int) -> None:
    """Raises a ValueError for what is not an integer of at least 0.

    >>> check_counts(word_length=-1)
    Traceback (most recent call last):
    ValueError: `word_length` must be 0 or a positive integer, got -1.
    """
    for name, count in counts.items():
        if isinstance(count, bool) or not isinstance(count, Integral) or count < 0:
            raise ValueError(
                f"`{name}` must be 0 or a positive integer, got {count!r}."
            )


def check_positive_numbers(**numbers: float) -> None:
    """Raises a ValueError for what is not a finite number above zero.

    >>> check_positive_numbers(epsilon=-1e-3)
    Traceback (most recent call last):
    ValueError: `epsilon` must be a positive number, got -0.001.
    """
    for name, value in numbers.items():
        if not _is_number(value) or not 0 < value < math.inf:
            raise ValueError(f"`{name}` must be a positive number, got {value!r}.")


def check_numbers(**numbers: float) -> None:
    """Raises a ValueError for what is not a finite number.

    >>> check_numbers(length_penalty=float("nan"))
    Traceback (most recent call last):
    ValueError: `length_penalty` must be a finite number, got nan.
    """
    for name, value in numbers.items():
        if not _is_number(value) or not math.isfinite(value):
            raise ValueError(f"`{name}` must be a finite number, got {value!r}.")


def check_not_negative(**numbers: float) -> None:
    """Raises a ValueError for what is not a finite number of at least 0.

    >>> check_not_negative(coverage_penalty=-1)
    Traceback (most recent call last):
    ValueError: `coverage_penalty` must not be negative, got -1.
    """
    check_numbers(**numbers)
    for name, value in numbers.items():
        if value < 0:
            raise ValueError(f"`{name}` must not be negative, got {value!r}.")


def check_flags(**flags: bool) -> None:
    """Raises a ValueError for what is neither True nor False.

    >>> check_flags(lowercase="no")
    Traceback (most recent call last):
    ValueError: `lowercase` must be True or False, got 'no'.
    """
    for name, flag in flags.items():
        if not isinstance(flag, bool):
            raise ValueError(f"`{name}` must be True or False, got {flag!r}.")


def check_rates(**rates: float) -> None:
    """Raises a ValueError for what is not a rate: at least 0, and below 1.

    >>> check_rates(dropout=1.5)
    Traceback (most recent call last):
    ValueError: `dropout` must be in [0, 1), got 1.5.
    """
    for name, rate in rates.items():
        if not _is_number(rate) or not 0 <= rate < 1:
            raise ValueError(f"`{name}` must be in [0, 1), got {rate!r}.")


def check_class_names(**lists: Sequence[str]) -> None:
    """Raises a ValueError for what is not a list of two or more different names.

    >>> check_class_names(class_names=["one"])
    Traceback (most recent call last):
    ValueError: `class_names` must be at least two different names, got ['one'].
    """
    for name, names in lists.items():
        is_list = isinstance(names, Sequence) and not isinstance(names, str)
        if not is_list or len(set(names)) < max(2, len(names)):
            raise ValueError(
                f"`{name}` must be at least two different names, got {names!r}."
            )


def check_backend() -> None:
    """Raises an ImportError under any backend of Keras but TensorFlow.

    It looks where Keras does, without importing it: with another backend that import
    may itself fail.
    """
    home = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"))
    config = home / "keras.json"
    try:
        written = json.loads(config.read_text()).get("backend", "tensorflow")
    except (OSError, ValueError, AttributeError):
        written = "tensorflow"  # Keras, too, passes by what it cannot read.
    backend = os.environ.get("KERAS_BACKEND") or written
    if backend != "tensorflow":
        raise ImportError(
            "rnnzoo runs on Keras' TensorFlow backend alone, and the backend is "
            f"{backend!r}. Set KERAS_BACKEND=tensorflow in the environment, or "
            f'"backend": "tensorflow" in {config}.'
        )


def _is_number(value):
    return isinstance(value, Real) and not isinstance(value, bool)
