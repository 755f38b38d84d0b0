"""Files side by side, whose lines belong together."""

from collections.abc import Sequence
from pathlib import Path


def side_by_side(
    paths: Sequence[str | Path], lines: Sequence[Sequence[str]]
) -> list[tuple[str, ...]]:
    """Returns the rows of files that have as many lines.

    Args:
        paths: Paths of the files, for the error.
        lines: Lines of each file.

    Raises:
        ValueError: If a file has more lines than another; names the file and the line.

    >>> side_by_side(["a.en", "a.de"], [["one", "two"], ["eins", "zwei"]])
    [('one', 'eins'), ('two', 'zwei')]
    """
    counts = [len(of_file) for of_file in lines]
    least = min(counts)
    if max(counts) > least:
        each = zip(paths, counts, strict=True)
        have = ", ".join(f"{path} has {count} lines" for path, count in each)
        raise ValueError(
            f"Each line needs its counterpart: {have}; line {least + 1} has none. "
            "Give files with as many lines."
        )
    return list(zip(*lines, strict=True))
