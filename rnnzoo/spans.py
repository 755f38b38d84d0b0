"""Spans of words, told by their tags: names, slots."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rnnzoo.names import look_up

OUTSIDE = "O"
_MARKS = ("B-", "I-", "E-", "S-")


class Span(NamedTuple):
    """Some words in a row: what they are, the first one, and the one after the last."""

    kind: str
    start: int
    end: int


def spans(tags: Sequence[str], scheme: str | None = None) -> list[Span]:
    """The spans that the tags of a sentence tell.

    Args:
        tags: the tag of each word: "O", or a prefix and a kind ("B-LOC").
        scheme: `None` to read them as the CoNLL evaluation does, which makes a span of
            whatever has a kind, in any of the schemes (the default of seqeval); or
            "IOB1", "IOB2" or "IOBES", to pass over what breaks the scheme (its
            strict mode).

    Raises:
        ValueError: if there is no such scheme, or a tag has a prefix that it lacks.

    >>> spans(["B-PER", "I-PER", "O", "I-LOC"])
    [Span(kind='PER', start=0, end=2), Span(kind='LOC', start=3, end=4)]
    >>> spans(["B-PER", "I-PER", "O", "I-LOC"], "IOB2")
    [Span(kind='PER', start=0, end=2)]
    """
    if scheme is None:
        return _lenient([tag_parts(tag) for tag in tags])
    prefixes, starts, ends = look_up("scheme", scheme, _STRICT)
    return _strict([tag_parts(tag, prefixes) for tag in tags], starts, ends)


def are_spans(tags: Iterable[str]) -> bool:
    """Whether tags tell spans: each is "O" or has a prefix and a kind, and one does.

    >>> are_spans(["O", "B-LOC"]), are_spans(["NOUN", "VERB"])
    (True, False)
    """
    marked = [tag for tag in tags if tag != OUTSIDE]
    return bool(marked) and all(tag[:2] in _MARKS and tag[2:] for tag in marked)


def tag_parts(tag: str, prefixes: str = "BIES") -> tuple[str, str]:
    """The prefix and the kind of a tag.

    Args:
        tag: "O", or a prefix and a kind.
        prefixes: those that there may be.

    Raises:
        ValueError: if it has another.

    >>> tag_parts("B-LOC"), tag_parts("O")
    (('B', 'LOC'), ('O', '_'))
    """
    prefix, _, kind = tag.partition("-")
    if prefix != OUTSIDE and prefix not in tuple(prefixes):
        raise ValueError(
            f"Tags of spans must be 'O' or begin with one of {', '.join(prefixes)} and "
            f"a hyphen, such as 'B-LOC', got {tag!r}."
        )
    # As seqeval calls what has none.
    return prefix, kind or "_"


def _lenient(parts):
    found, start, before = [], 0, (OUTSIDE, "")
    for i, (prefix, kind) in enumerate([*parts, (OUTSIDE, "")]):
        changed = kind != before[1]
        is_open = before[0] != OUTSIDE
        if is_open and (changed or before[0] in "ES" or prefix in "BSO"):
            found.append(Span(before[1], start, i))
        if changed or before[0] in "OES" or prefix in "BS":
            start = i
        before = prefix, kind
    return found


def _strict(parts, starts, ends):
    parts = [*parts, (OUTSIDE, "")]
    found, i, before = [], 0, (OUTSIDE, "")
    while i < len(parts):
        start, i = i, i + 1
        if starts(before, parts[start]):
            while parts[i - 1][0] in "BI" and _goes_on(parts[i - 1], parts[i]):
                i += 1
            if ends(parts[i - 1], parts[i]):
                found.append(Span(parts[start][1], start, i))
        before = parts[i - 1]
    return found


def _goes_on(before, now):
    return now[0] in "IE" and now[1] == before[1]


def _iob1_starts(before, now):
    """A "B-" only parts a span from one of the same kind before it."""
    same = before[1] == now[1]
    if now[0] == "B":
        return before[0] in "BI" and same
    return now[0] == "I" and not (before[0] == "I" and same)


# By scheme: its prefixes, whether a span starts here, and whether it has an end there.
_STRICT = {
    "IOB1": (
        "BI",
        _iob1_starts,
        lambda last, after: (last[0], after[0]) != ("B", "B") or last[1] == after[1],
    ),
    "IOB2": ("BI", lambda before, now: now[0] == "B", lambda last, after: True),
    "IOBES": (
        "BIES",
        lambda before, now: now[0] in "BS",
        lambda last, after: last[0] in "ES",
    ),
}
