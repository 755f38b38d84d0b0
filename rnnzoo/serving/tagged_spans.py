"""Spans of words in the tags of an answer."""

from collections.abc import Mapping

from rnnzoo.answers import strip_padding
from rnnzoo.spans import spans


def tagged_spans(answer: Mapping[str, object], scheme: str | None = None) -> list[dict]:
    """Returns the names, slots and the like that were found in a text.

    Args:
        answer: one row of what a client's `predict` returns: `tokens`, `tags` and
            `scores`, padded or not.
        scheme: how tags make spans, see `rnnzoo.spans.spans`.

    Returns:
        A dictionary for each: `text`, its words with blanks between; `kind`; `start`,
        its first word, and `end`, the one after its last; `score`, the lowest of its
        words'.

    Raises:
        ValueError: if the tags are none of spans.

    >>> answer = {
    ...     "tokens": ["In", "New", "York", ""],
    ...     "tags": ["O", "B-LOC", "I-LOC", ""],
    ...     "scores": [1.0, 0.9, 0.8, 0.0],
    ... }
    >>> tagged_spans(answer)
    [{'text': 'New York', 'kind': 'LOC', 'start': 1, 'end': 3, 'score': 0.8}]
    """
    answer = strip_padding(answer, ("tokens", "tags", "scores"))
    return [
        {
            "text": " ".join(answer["tokens"][start:end]),
            "kind": kind,
            "start": start,
            "end": end,
            "score": min(answer["scores"][start:end]),
        }
        for kind, start, end in spans(answer["tags"], scheme)
    ]
