"""Texts and their translations: files side by side, a line each."""

from collections.abc import Mapping, Sequence
from pathlib import Path


def side_by_side(files: Mapping[str | Path, Sequence[str]]) -> list[tuple[str, ...]]:
    """The rows of files that have a line for each.

    Args:
        files: the lines of each, by its path.

    Raises:
        ValueError: if a file has more lines than another; tells which, and where.

    >>> side_by_side({"a.en": ["one", "two"], "a.de": ["eins", "zwei"]})
    [('one', 'eins'), ('two', 'zwei')]
    """
    counts = {path: len(lines) for path, lines in files.items()}
    least = min(counts.values())
    if max(counts.values()) > least:
        have = ", ".join(f"{path} has {count} lines" for path, count in counts.items())
        raise ValueError(
            f"Each line needs its translation: {have}; line {least + 1} has none. "
            "Give files with as many lines."
        )
    return list(zip(*files.values(), strict=True))
