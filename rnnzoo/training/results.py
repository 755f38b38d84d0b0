"""Rows of `results/*.csv`, the measurements of runs."""

import csv
import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("rnnzoo", "tensorflow", "keras")


def environment() -> dict[str, str]:
    """Returns device and versions, on which a measurement depends."""
    if hasattr(os, "sched_getaffinity"):  # The cores that this process may use.
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    return {
        "device": f"{cores} CPU cores ({platform.machine()})",
        "versions": " ".join(f"{package} {version(package)}" for package in _PACKAGES),
    }


def add_row(
    path: str | Path, row: Mapping[str, object], key: tuple[str, ...] = ("command",)
) -> None:
    """Adds a row to a CSV file and removes an older one of the same measurement.

    Args:
        path: Path of the file, which is created if needed.
        row: Values by column. Columns that only the file or the row has stay empty in
            the other.
        key: Columns that identify a measurement.
    """
    path = Path(path)
    row = {k: "" if value is None else str(value) for k, value in row.items()}
    rows = []
    if path.exists():
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
    columns = list({**dict.fromkeys(rows[0] if rows else ()), **row})
    rows = [old for old in rows if any(old.get(k, "") != row[k] for k in key)]
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, row])
    temporary.replace(path)
