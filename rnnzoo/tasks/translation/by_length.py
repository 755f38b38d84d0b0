"""A metric by the length of the source, of a run and of other runs."""

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
    """Returns a metric of texts of similar length.

    Args:
        score: Function from outputs and references to the metric.
        sources: The source texts, whose number of words is the length.
        outputs: The translations.
        references: The references.
        lengths: Greatest number of words of each group, rising; longer texts are left
            out.
        least: Number of texts that a group must have.

    Returns:
        The metric by the greatest number of words.

    >>> from rnnzoo.metrics.texts import exact_match
    >>> score_by_length(exact_match, ["a", "a b"], ["A", "B"], ["A", "C"], (1, 2), 1)
    {1: 1.0, 2: 0.0}
    """
    check_pairs(outputs, references)
    groups = np.searchsorted(lengths, [len(source.split()) for source in sources])
    scores = {}
    for number, length in enumerate(lengths):
        rows = np.flatnonzero(groups == number)
        if len(rows) >= least:
            parts = ([texts[i] for i in rows] for texts in (outputs, references))
            scores[length] = round(score(*parts), 4)
    return scores


def store_by_length(scores: Mapping[int, float], run: str | Path) -> None:
    """Writes what `score_by_length` returned into the folder of a run."""
    (Path(run) / _FILE).write_text(json.dumps(scores) + "\n")


def read_by_length(
    runs: Iterable[str | Path], recipe: str, alike: Mapping[str, object]
) -> dict[str, dict[int, float]]:
    """Reads the scores by length of runs that are compared with another one.

    Args:
        runs: Folders with `metrics.json` and the file of `store_by_length`.
        recipe: Recipe of the run that they are compared with.
        alike: Values that their metrics must have, by name.

    Returns:
        The scores by recipe, or by folder where a recipe is there already.

    Raises:
        ValueError: If a folder holds no finished run, or one that was measured
            differently.
    """
    lines = {}
    for run in runs:
        metrics, scores = (_read(Path(run), name) for name in ("metrics.json", _FILE))
        for name, value in alike.items():
            if metrics.get(name) != value:
                raise ValueError(
                    f"Cannot compare with {run}: {name} is {value!r} here and "
                    f"{metrics.get(name)!r} there."
                )
        taken = metrics["recipe"] in {recipe, *lines}
        lines[str(run) if taken else metrics["recipe"]] = {
            int(length): value for length, value in scores.items()
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
