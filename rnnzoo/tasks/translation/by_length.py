"""A figure of merit by the length of what was answered, of a run and of others."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from rnnzoo.metrics.texts import check_pairs

LENGTHS = (5, 10, 15, 20, 25, 30, 40, 60)
_FILE = "by_length.json"


def score_by_length(
    score: Callable[[list[str], list[str]], float],
    sources: Sequence[str],
    outputs: Sequence[str],
    references: Sequence[str],
    lengths: Sequence[int] = LENGTHS,
    least: int = 10,
) -> dict[int, float]:
    """A figure of merit of the texts of like length.

    Args:
        score: outputs and references to the figure.
        sources: what was translated; their words tell the length.
        outputs: the translations.
        references: what they should be.
        lengths: the greatest number of words of each group, rising; what is longer
            than the last is in none.
        least: how many texts a group must have to be told of.

    Returns:
        The figure by the greatest number of words.

    >>> from rnnzoo.metrics.texts import exact_match
    >>> score_by_length(exact_match, ["a", "a b"], ["A", "B"], ["A", "C"], (1, 2), 1)
    {1: 1.0, 2: 0.0}
    """
    check_pairs(outputs, references)
    groups = np.searchsorted(lengths, [len(source.split()) for source in sources])
    found = {}
    for number, length in enumerate(lengths):
        rows = np.flatnonzero(groups == number)
        if len(rows) >= least:
            parts = ([texts[i] for i in rows] for texts in (outputs, references))
            found[length] = round(score(*parts), 4)
    return found


def store_by_length(found: Mapping[int, float], run: str | Path) -> None:
    """Writes down what `score_by_length` found, in the folder of a run."""
    (Path(run) / _FILE).write_text(json.dumps(found) + "\n")


def read_by_length(
    runs: Iterable[str | Path], recipe: str, alike: Mapping[str, object]
) -> dict[str, dict[int, float]]:
    """The figures by length of runs that are to be shown beside another one.

    Args:
        runs: their folders, with `metrics.json` and what `store_by_length` wrote.
        recipe: that of the run they stand beside.
        alike: what their metrics must be, too, by name.

    Returns:
        The figures by recipe, or by folder where that is taken.

    Raises:
        ValueError: if a folder holds no finished run, or one that was measured
            otherwise.
    """
    lines = {}
    for run in runs:
        metrics, found = (_read(Path(run), name) for name in ("metrics.json", _FILE))
        for name, value in alike.items():
            if metrics.get(name) != value:
                raise ValueError(
                    f"Cannot compare with {run}: {name} is {value!r} here and "
                    f"{metrics.get(name)!r} there."
                )
        taken = metrics["recipe"] in {recipe, *lines}
        lines[str(run) if taken else metrics["recipe"]] = {
            int(length): value for length, value in found.items()
        }
    return lines


def _read(run, name):
    try:
        return json.loads((run / name).read_text())
    except (OSError, ValueError) as error:
        raise ValueError(
            f"{run} must be the folder of a finished run of this script, with {name} "
            f"in it: {error}."
        ) from error
