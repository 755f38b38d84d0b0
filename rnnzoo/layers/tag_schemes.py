"""Allowed tag transitions in the schemes IOB2 and IOBES."""

import itertools
import warnings
from collections.abc import Sequence

import numpy as np

from rnnzoo.spans import OUTSIDE, are_spans, tag_parts


def allowed_transitions(
    tags: Sequence[str],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns the transitions that the scheme of the tags, IOB2 or IOBES, allows.

    "B-LOC" begins a span, "I-LOC" continues it, and "O" is outside of spans. In IOBES
    "E-LOC" ends a span and "S-LOC" is a span of one token. Tags with an "E-" or an "S-"
    are IOBES.

    Args:
        tags: Names of the tags.

    Returns:
        Boolean arrays: `(tags, tags)`, whether the second may follow the first;
        `(tags,)`, whether a sequence may begin with a tag; `(tags,)`, whether it may
        end with it.

    Raises:
        ValueError: If a name belongs to neither scheme.

    >>> allowed_transitions(["O", "B-LOC", "I-LOC"])[0].astype(int).tolist()
    [[1, 1, 0], [1, 1, 1], [1, 1, 1]]
    """
    if isinstance(tags, str) or not all(isinstance(tag, str) for tag in tags):
        raise ValueError(f"`tags` must be a list of names, got {tags!r}.")
    if len(set(tags)) < len(tags):
        raise ValueError(f"`tags` must be different names, got {list(tags)}.")
    for tag in tags:
        if tag != OUTSIDE and not are_spans([tag]):
            raise ValueError(
                "`tags` must follow the scheme IOB2 or IOBES, such as 'O' or 'B-LOC', "
                f"got {tag!r}. For tags that mark no spans, omit `constrained` of a "
                "recipe or `tags` of a CRF."
            )
    parts = [tag_parts(tag) for tag in tags]
    outside = tag_parts(OUTSIDE)
    must_end = any(prefix in "ES" for prefix, _ in parts)

    def may_follow(before, after):
        is_open = before[0] in "BI"
        if after[0] in "IE":
            return is_open and before[1] == after[1]
        return not (is_open and must_end)

    return (
        np.array([[may_follow(before, after) for after in parts] for before in parts]),
        np.array([may_follow(outside, after) for after in parts]),
        np.array([may_follow(before, outside) for before in parts]),
    )


def warn_of_broken(rows: Sequence[Sequence[str]], tags: Sequence[str]) -> None:
    """Warns of sentences whose tags violate their scheme, IOB2 or IOBES.

    Args:
        rows: Tags of each sentence.
        tags: Names of all tags.
    """
    follows, begins, ends = allowed_transitions(tags)
    numbers = {tag: number for number, tag in enumerate(tags)}

    def is_allowed(row):
        path = [numbers[tag] for tag in row]
        moves = all(follows[move] for move in itertools.pairwise(path))
        return not path or (begins[path[0]] and moves and ends[path[-1]])

    broken = [number for number, row in enumerate(rows) if not is_allowed(row)]
    if broken:
        warnings.warn(
            f"{len(broken)} of {len(rows)} sentences have tags that violate the scheme "
            "of `tags`, IOB2 or IOBES, so the model can never predict them; the first "
            f"is number {broken[0]}, counted from 0: {list(rows[broken[0]])}. Correct "
            "them, or omit `constrained`.",
            stacklevel=2,
        )
