"""Scores of tagged words and spans."""

from collections import Counter
from collections.abc import Collection, Sequence, Set
from typing import NamedTuple

from rnnzoo.spans import spans

TagRows = Sequence[Sequence[str]]
ALL = "all together"  # Never a tag, since tags have no blank.


class Score(NamedTuple):
    """Precision, recall, F1, and the number of true items."""

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
    """Returns the share of words with the right tag, from 0 to 1.

    Args:
        truth: True tags of each sentence.
        answers: Predicted tags of each sentence.
        tokens: Words of each sentence; required with `unseen_by`.
        unseen_by: Words that are not scored, such as those of the training data.

    Raises:
        ValueError: If a sentence has different numbers of tags.

    >>> token_accuracy([["DET", "NOUN"]], [["DET", "VERB"]])
    0.5
    >>> token_accuracy([["DET", "NOUN"]], [["DET", "VERB"]], [["a", "zoo"]], {"a"})
    0.0
    """
    _check_lengths(truth, answers)
    right = [t == a for t, a in zip(_flat(truth), _flat(answers), strict=True)]
    if unseen_by is not None:
        words = zip(right, _flat(tokens), strict=True)
        right = [is_right for is_right, word in words if word not in unseen_by]
    return sum(right) / max(len(right), 1)


def tag_scores(truth: TagRows, answers: TagRows) -> dict[str, Score]:
    """Returns precision, recall and F1 of every tag, most frequent first.

    Args:
        truth: True tags of each sentence.
        answers: Predicted tags of each sentence.

    >>> tag_scores([["DET", "NOUN"]], [["DET", "DET"]])["DET"]
    Score(precision=0.5, recall=1.0, f1=0.6666666666666666, support=1)
    """
    _check_lengths(truth, answers)

    def items(rows):
        return {(tag, place) for place, tag in enumerate(_flat(rows))}

    return _scores(items(truth), items(answers))


def span_scores(
    truth: TagRows, answers: TagRows, scheme: str | None = None
) -> dict[str, Score]:
    """Returns precision, recall and F1 of spans by kind, and of `ALL` (micro average).

    A span is right if both ends and its kind are.

    Args:
        truth: True tags of each sentence.
        answers: Predicted tags of each sentence.
        scheme: Tagging scheme, see `rnnzoo.spans.spans`: `None` is the default of
            seqeval, a name its strict mode.

    >>> span_scores([["B-LOC", "I-LOC", "O"]], [["B-LOC", "I-LOC", "B-LOC"]])[ALL]
    Score(precision=0.5, recall=1.0, f1=0.6666666666666666, support=1)
    """
    _check_lengths(truth, answers)

    def items(rows):
        return {
            (span.kind, (row, span.start, span.end))
            for row, tags in enumerate(rows)
            for span in spans(tags, scheme)
        }

    return _scores(items(truth), items(answers))


def score_table(scores: dict[str, Score]) -> str:
    """Returns scores as a text table with a line for each name.

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


def _scores(truth: Set[tuple], answers: Set[tuple]) -> dict[str, Score]:
    right, predicted, true = (
        Counter(kind for kind, _ in items)
        for items in (truth & answers, answers, truth)
    )
    names = sorted({*predicted, *true}, key=lambda name: (-true[name], name))
    scores = {name: _score(right[name], predicted[name], true[name]) for name in names}
    return {**scores, ALL: _score(right.total(), predicted.total(), true.total())}


def _score(right, predicted, true):
    precision, recall = right / max(predicted, 1), right / max(true, 1)
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return Score(precision, recall, f1, true)


def _check_lengths(truth, answers):
    for number, (true, answer) in enumerate(zip(truth, answers, strict=True)):
        if len(true) != len(answer):
            raise ValueError(
                f"Sentence {number} has {len(true)} tags and {len(answer)} answers; "
                "each word needs one of both."
            )


def _flat(rows):
    return [item for row in rows for item in row]
