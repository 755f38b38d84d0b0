"""Texts and their translations: files side by side, a line each."""

from collections.abc import Sequence
from pathlib import Path


def side_by_side(
    paths: Sequence[str | Path], lines: Sequence[Sequence[str]]
) -> list[tuple[str, ...]]:
    """The rows of files that have a line for each.

    Args:
        paths: those of the files, for an error.
        lines: the lines of each.

    Raises:
        ValueError: if a file has more lines than another; tells which, and where.

    >>> side_by_side(["a.en", "a.de"], [["one", "two"], ["eins", "zwei"]])
    [('one', 'eins'), ('two', 'zwei')]
    """
    counts = [len(of_file) for of_file in lines]
    least = min(counts)
    if max(counts) > least:
        each = zip(paths, counts, strict=True)
        have = ", ".join(f"{path} has {count} lines" for path, count in each)
        raise ValueError(
            f"Each line needs its translation: {have}; line {least + 1} has none. "
            "Give files with as many lines."
        )
    return list(zip(*lines, strict=True))
