"""`tagged_spans`: the spans that the tags of an answer mark."""

from collections.abc import Mapping

from rnnzoo.answers import strip_padding
from rnnzoo.spans import spans


def tagged_spans(answer: Mapping[str, object], scheme: str | None = None) -> list[dict]:
    """Returns the spans, such as names or slots, in a tagged text.

    Args:
        answer: Row of a client's `predict` with `tokens`, `tags` and `scores`.
        scheme: Tagging scheme, see `rnnzoo.spans.spans`.

    Returns:
        A dictionary for each span: `text`, `kind`, `start` (index of its first word),
        `end` (index after its last word), and `score` (the lowest of its words).

    Raises:
        ValueError: If the tags do not mark spans.

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
