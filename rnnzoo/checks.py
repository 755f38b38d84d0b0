"""Checks of arguments and of the backend, with errors that name the argument."""

import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from numbers import Integral, Real
from pathlib import Path


def check_positive(**sizes: int) -> None:
    """Raises a ValueError unless all arguments are positive integers.

    >>> check_positive(units=0)
    Traceback (most recent call last):
    ValueError: `units` must be a positive integer, got 0.
    """
    _check(sizes, lambda x: _is_integer(x) and x > 0, "be a positive integer")


def check_counts(**counts: int) -> None:
    """Raises a ValueError unless all arguments are integers of at least 0.

    >>> check_counts(word_length=-1)
    Traceback (most recent call last):
    ValueError: `word_length` must be 0 or a positive integer, got -1.
    """
    _check(counts, lambda x: _is_integer(x) and x >= 0, "be 0 or a positive integer")


def check_positive_numbers(**numbers: float) -> None:
    """Raises a ValueError unless all arguments are finite numbers above 0.

    >>> check_positive_numbers(epsilon=-1e-3)
    Traceback (most recent call last):
    ValueError: `epsilon` must be a positive number, got -0.001.
    """
    _check(
        numbers, lambda x: _is_number(x) and 0 < x < math.inf, "be a positive number"
    )


def check_numbers(**numbers: float) -> None:
    """Raises a ValueError unless all arguments are finite numbers.

    >>> check_numbers(length_penalty=float("nan"))
    Traceback (most recent call last):
    ValueError: `length_penalty` must be a finite number, got nan.
    """
    _check(numbers, lambda x: _is_number(x) and math.isfinite(x), "be a finite number")


def check_not_negative(**numbers: float) -> None:
    """Raises a ValueError unless all arguments are finite numbers of at least 0.

    >>> check_not_negative(coverage_penalty=-1)
    Traceback (most recent call last):
    ValueError: `coverage_penalty` must not be negative, got -1.
    """
    check_numbers(**numbers)
    _check(numbers, lambda x: x >= 0, "not be negative")


def check_flags(**flags: bool) -> None:
    """Raises a ValueError unless all arguments are True or False.

    >>> check_flags(lowercase="no")
    Traceback (most recent call last):
    ValueError: `lowercase` must be True or False, got 'no'.
    """
    _check(flags, lambda x: isinstance(x, bool), "be True or False")


def check_rates(**rates: float) -> None:
    """Raises a ValueError unless all arguments are rates in [0, 1).

    >>> check_rates(dropout=1.5)
    Traceback (most recent call last):
    ValueError: `dropout` must be in [0, 1), got 1.5.
    """
    _check(rates, lambda x: _is_number(x) and 0 <= x < 1, "be in [0, 1)")


def check_class_names(**lists: Sequence[str]) -> None:
    """Raises a ValueError unless all arguments are lists of two or more unique names.

    >>> check_class_names(class_names=["one"])
    Traceback (most recent call last):
    ValueError: `class_names` must be at least two different names, got ['one'].
    """

    def is_valid(names):
        is_list = isinstance(names, Sequence) and not isinstance(names, str)
        return is_list and len(set(names)) >= max(2, len(names))

    _check(lists, is_valid, "be at least two different names")


def check_backend() -> None:
    """Raises an ImportError if Keras would use another backend than TensorFlow.

    Reads Keras' settings without importing it, which may fail with another backend.
    """
    home = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"))
    config = home / "keras.json"
    try:
        configured = json.loads(config.read_text()).get("backend", "tensorflow")
    except (OSError, ValueError, AttributeError):
        configured = "tensorflow"  # Keras ignores an invalid file, too.
    backend = os.environ.get("KERAS_BACKEND") or configured
    if backend != "tensorflow":
        raise ImportError(
            "rnnzoo runs on Keras' TensorFlow backend alone, but the backend is "
            f"{backend!r}. Set KERAS_BACKEND=tensorflow in the environment, or "
            f'"backend": "tensorflow" in {config}.'
        )


def _check(
    arguments: Mapping[str, object], is_valid: Callable, requirement: str
) -> None:
    for name, value in arguments.items():
        if not is_valid(value):
            raise ValueError(f"`{name}` must {requirement}, got {value!r}.")


def _is_integer(value):
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_number(value):
    return isinstance(value, Real) and not isinstance(value, bool)
