"""Spans of words, such as names or slots, read from the tags of a sentence."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rnnzoo.names import look_up

OUTSIDE = "O"
_EDGE = (OUTSIDE, "")  # Stands before the first and after the last tag.


class Span(NamedTuple):
    """Consecutive words: their kind, the first index, and the index after the last."""

    kind: str
    start: int
    end: int


def spans(tags: Sequence[str], scheme: str | None = None) -> list[Span]:
    """Returns the spans that the tags of a sentence mark.

    Args:
        tags: Tag of each word: "O", or a prefix and a kind ("B-LOC").
        scheme: `None` reads tags of any scheme as the CoNLL evaluation does, and makes
            a span of whatever has a kind (the default of seqeval). "IOB1", "IOB2" or
            "IOBES" ignores what breaks the scheme (the strict mode of seqeval).

    Raises:
        ValueError: If the scheme is unknown, or lacks the prefix of a tag.

    >>> spans(["B-PER", "I-PER", "O", "I-LOC"])
    [Span(kind='PER', start=0, end=2), Span(kind='LOC', start=3, end=4)]
    >>> spans(["B-PER", "I-PER", "O", "I-LOC"], "IOB2")
    [Span(kind='PER', start=0, end=2)]
    """
    if scheme is None:
        return _lenient_spans([tag_parts(tag) for tag in tags])
    prefixes, starts, ends = look_up("scheme", scheme, _STRICT)
    return _strict_spans([tag_parts(tag, prefixes) for tag in tags], starts, ends)


def are_spans(tags: Iterable[str]) -> bool:
    """Returns whether tags mark spans: all are "O" or prefixed, and not all are "O".

    >>> are_spans(["O", "B-LOC"]), are_spans(["NOUN", "VERB"])
    (True, False)
    """
    marked = [tag for tag in tags if tag != OUTSIDE]
    prefixes = ("B-", "I-", "E-", "S-")
    return bool(marked) and all(tag[:2] in prefixes and tag[2:] for tag in marked)


def tag_parts(tag: str, prefixes: str = "BIES") -> tuple[str, str]:
    """Returns the prefix and the kind of a tag.

    Args:
        tag: "O", or a prefix and a kind.
        prefixes: Allowed prefixes.

    Raises:
        ValueError: If the tag has another prefix.

    >>> tag_parts("B-LOC"), tag_parts("O")
    (('B', 'LOC'), ('O', '_'))
    """
    prefix, _, kind = tag.partition("-")
    if prefix != OUTSIDE and prefix not in tuple(prefixes):
        raise ValueError(
            f"Tags of spans must be 'O' or begin with one of {', '.join(prefixes)} and "
            f"a hyphen, such as 'B-LOC', got {tag!r}."
        )
    return prefix, kind or "_"  # seqeval's name for a missing kind.


def _lenient_spans(parts):
    result, start, last = [], 0, _EDGE
    for i, (prefix, kind) in enumerate([*parts, _EDGE]):
        last_prefix, last_kind = last
        begins = kind != last_kind or last_prefix in "ES" or prefix in "BS"
        if last_prefix != OUTSIDE and (begins or prefix == OUTSIDE):
            result.append(Span(last_kind, start, i))
        if begins or last_prefix == OUTSIDE:
            start = i
        last = prefix, kind
    return result


def _strict_spans(parts, starts, ends):
    parts = [*parts, _EDGE]
    result, i, last = [], 0, _EDGE
    while i < len(parts):
        start, i = i, i + 1
        if starts(last, parts[start]):
            kind = parts[start][1]
            while parts[i - 1][0] in "BI" and parts[i] in (("I", kind), ("E", kind)):
                i += 1
            if ends(parts[i - 1], parts[i]):
                result.append(Span(kind, start, i))
        last = parts[i - 1]
    return result


def _iob1_starts(last, tag):
    """In IOB1, "B-" only separates a span from one of the same kind before it."""
    same_kind = last[1] == tag[1]
    if tag[0] == "B":
        return last[0] in "BI" and same_kind
    return tag[0] == "I" and not (last[0] == "I" and same_kind)


def _iob1_ends(last, following):
    return (last[0], following[0]) != ("B", "B") or last[1] == following[1]


# By scheme: its prefixes, whether a span starts at a tag, whether it ends after one.
_STRICT = {
    "IOB1": ("BI", _iob1_starts, _iob1_ends),
    "IOB2": ("BI", lambda last, tag: tag[0] == "B", lambda last, following: True),
    "IOBES": (
        "BIES",
        lambda last, tag: tag[0] in "BS",
        lambda last, following: last[0] in "ES",
    ),
}
