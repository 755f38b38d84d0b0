"""How well words and spans were tagged."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from rnnzoo.spans import spans

TagRows = Sequence[Sequence[str]]
ALL = "all together"  # no tag: those have no blank


class Score(NamedTuple):
    """Precision, recall, their harmonic mean, and how many there are in truth."""

    precision: float
    recall: float
    f1: float
    support: int


def token_accuracy(
    truth: TagRows,
    answers: TagRows,
    tokens: TagRows | None = None,
    unseen_by: Collection[str] | None = None,
) -> float:
    """Share of the words that have the right tag.

    Args:
        truth: the tags of each sentence.
        answers: the tags answered, as many.
        tokens: the words of each sentence; needed with `unseen_by`.
        unseen_by: only words that are not among these count.

    Returns:
        A number from 0 to 1; 0 if no word counts.

    Raises:
        ValueError: if there are not as many answers as words.

    >>> token_accuracy([["DET", "NOUN"]], [["DET", "VERB"]])
    0.5
    >>> token_accuracy([["DET", "NOUN"]], [["DET", "VERB"]], [["a", "zoo"]], {"a"})
    0.0
    """
    _check_lengths(truth, answers)
    right = [t == a for t, a in zip(_flat(truth), _flat(answers), strict=True)]
    if unseen_by is not None:
        right = [
            r for r, w in zip(right, _flat(tokens), strict=True) if w not in unseen_by
        ]
    return sum(right) / max(len(right), 1)


def tag_scores(truth: TagRows, answers: TagRows) -> dict[str, Score]:
    """Precision, recall and F1 of every tag, most frequent first.

    Args:
        truth: the tags of each sentence.
        answers: the tags answered, as many.

    >>> tag_scores([["DET", "NOUN"]], [["DET", "DET"]])["DET"]
    Score(precision=0.5, recall=1.0, f1=0.6666666666666666, support=1)
    """
    _check_lengths(truth, answers)
    found = [[(t, i) for i, t in enumerate(_flat(each))] for each in (truth, answers)]
    return _scores(*found)


def span_scores(
    truth: TagRows, answers: TagRows, scheme: str | None = None
) -> dict[str, Score]:
    """Precision, recall and F1 of spans: right where both ends and the kind are.

    Args:
        truth: the tags of each sentence.
        answers: the tags answered, as many.
        scheme: how tags make spans, see `rnnzoo.spans.spans`: `None` as seqeval does by
            default, or a scheme's name as in its strict mode.

    Returns:
        By kind; under `ALL` those of all spans together (the micro average).

    >>> span_scores([["B-LOC", "I-LOC", "O"]], [["B-LOC", "I-LOC", "B-LOC"]])[ALL]
    Score(precision=0.5, recall=1.0, f1=0.6666666666666666, support=1)
    """
    _check_lengths(truth, answers)

    def found(rows):
        return [
            (span.kind, (row, span.start, span.end))
            for row, tags in enumerate(rows)
            for span in spans(tags, scheme)
        ]

    return _scores(found(truth), found(answers))


def score_table(scores: dict[str, Score]) -> str:
    """Scores as a table of text, a line for each name.

    >>> print(score_table({"LOC": Score(0.5, 1.0, 0.75, 3)}))
                 precision  recall      f1  support
    LOC              0.500   1.000   0.750        3
    """
    width = max([12, *map(len, scores)])
    lines = [f"{'':{width}} precision  recall      f1  support"]
    lines += [
        f"{name:{width}} {s.precision:9.3f} {s.recall:7.3f} {s.f1:7.3f} {s.support:8}"
        for name, s in scores.items()
    ]
    return "\n".join(lines)


def _scores(truth: Iterable[tuple], answers: Iterable[tuple]) -> dict[str, Score]:
    truth, answers = set(truth), set(answers)
    counts = [
        Counter(kind for kind, _ in each) for each in (truth & answers, answers, truth)
    ]
    right, answered, there = counts
    for each in counts:
        each[ALL] = each.total()
    names = sorted({*answered, *there} - {ALL}, key=lambda name: (-there[name], name))
    return {
        name: _score(right[name], answered[name], there[name]) for name in [*names, ALL]
    }


def _score(right, answered, there):
    precision, recall = right / max(answered, 1), right / max(there, 1)
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return Score(precision, recall, f1, there)


def _check_lengths(truth, answers):
    for number, (true, answer) in enumerate(zip(truth, answers, strict=True)):
        if len(true) != len(answer):
            raise ValueError(
                f"Sentence {number} has {len(true)} tags and {len(answer)} answers; "
                "each word needs one of both."
            )


def _flat(rows):
    return [item for row in rows for item in row]
