"""Lookup by name, with an error that suggests the nearest name."""

import difflib
from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def look_up(kind: str, name: str, known: Mapping[str, T]) -> T:
    """Returns `known[name]`.

    Args:
        kind: Kind of the values, for the error ("recipe").
        name: Name to look up.
        known: All values by name.

    Raises:
        ValueError: If there is no such name; suggests the nearest one.

    >>> look_up("cell", "lstm", {"lstm": 4, "gru": 3})
    4
    >>> look_up("cell", "ltsm", {"lstm": 4, "gru": 3})
    Traceback (most recent call last):
    ValueError: Unknown cell 'ltsm'. Did you mean 'lstm'? Known: gru, lstm.
    """
    if isinstance(name, str) and name in known:
        return known[name]
    nearest = difflib.get_close_matches(str(name), known, n=1)
    hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
    names = ", ".join(sorted(known))
    raise ValueError(f"Unknown {kind} {name!r}.{hint} Known: {names}.")
