"""Rows of `results/*.csv`: what was measured, on what, with which command."""

import csv
import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("rnnzoo", "tensorflow", "keras")


def environment() -> dict[str, str]:
    """Returns device and versions, on which a measurement depends."""
    return {
        "device": f"{_cores()} CPU cores ({platform.machine()})",
        "versions": " ".join(f"{package} {version(package)}" for package in _PACKAGES),
    }


def add_row(
    path: str | Path, row: Mapping[str, object], key: tuple[str, ...] = ("command",)
) -> None:
    """Adds a row to a CSV file, in place of an older one of the same measurement.

    Args:
        path: the file; made, with a header, where there is none.
        row: the values by column.
        key: the columns that tell which measurement it is.

    Columns that the row or the file lacks are empty there.
    """
    path = Path(path)
    row = {k: "" if value is None else str(value) for k, value in row.items()}
    rows = _read(path) if path.exists() else []
    columns = list({**row, **dict.fromkeys(rows[0] if rows else ())})
    rows = [old for old in rows if any(old.get(k, "") != row[k] for k in key)]
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, row])
    temporary.replace(path)


def _cores() -> int:
    """The cores that this process may use, where the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))
