"""Checks of arguments, with errors that name them."""

from collections.abc import Sequence
from numbers import Integral, Real


def check_positive(**sizes: int) -> None:
    """Raises a ValueError for what is not a positive integer.

    >>> check_positive(units=0)
    Traceback (most recent call last):
    ValueError: `units` must be a positive integer, got 0.
    """
    for name, size in sizes.items():
        if isinstance(size, bool) or not isinstance(size, Integral) or size < 1:
            raise ValueError(f"`{name}` must be a positive integer, got {size!r}.")


def check_rates(**rates: float) -> None:
    """Raises a ValueError for what is not a rate: at least 0, and below 1.

    >>> check_rates(dropout=1.5)
    Traceback (most recent call last):
    ValueError: `dropout` must be in [0, 1), got 1.5.
    """
    for name, rate in rates.items():
        number = isinstance(rate, Real) and not isinstance(rate, bool)
        if not number or not 0 <= rate < 1:
            raise ValueError(f"`{name}` must be in [0, 1), got {rate!r}.")


def check_class_names(class_names: Sequence[str]) -> None:
    """Raises a ValueError for what is not a list of two or more different names."""
    is_list = isinstance(class_names, Sequence) and not isinstance(class_names, str)
    if not is_list or len(set(class_names)) < max(2, len(class_names)):
        raise ValueError(
            "`class_names` must be a list of at least two names, each different, got "
            f"{class_names!r}."
        )
