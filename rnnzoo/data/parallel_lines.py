"""Parallel files, whose lines correspond."""

from collections.abc import Sequence
from pathlib import Path


def side_by_side(
    paths: Sequence[str | Path], lines: Sequence[Sequence[str]]
) -> list[tuple[str, ...]]:
    """Returns the rows of parallel files.

    Args:
        paths: Paths of the files, for the error.
        lines: Lines of each file.

    Raises:
        ValueError: If the files differ in the number of lines; names the line.

    >>> side_by_side(["a.en", "a.de"], [["one", "two"], ["eins", "zwei"]])
    [('one', 'eins'), ('two', 'zwei')]
    """
    counts = list(map(len, lines))
    shortest = min(counts)
    if max(counts) > shortest:
        files = zip(paths, counts, strict=True)
        got = ", ".join(f"{path} has {count} lines" for path, count in files)
        raise ValueError(
            f"Expected files of equal length: {got}; line {shortest + 1} has none. "
            "Give each line its counterpart."
        )
    return list(zip(*lines, strict=True))
