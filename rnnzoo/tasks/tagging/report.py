"""Report of a tagger run: printed scores and pictures."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from rnnzoo.metrics.tags import score_table, span_scores, tag_scores
from rnnzoo.plots import confusion_matrix, draw_confusion_matrix
from rnnzoo.tasks.tagging.aligned import aligned
from rnnzoo.tasks.tagging.sentences import Sentence

_METRICS = ("f1", "accuracy", "unseen_words", "whole_sentences", "intent_accuracy")
_SHOWN = 3  # Sentences that are printed.
_DRAWN = 20  # Tags in the confusion matrix.


def report_tags(
    test: Sequence[Sentence],
    answers: Sequence[Mapping],
    folder: Path,
    metrics: Mapping[str, object],
) -> None:
    """Draws `confusion.png`, writes `scores.txt`, prints scores and a few sentences.

    Args:
        test: Tagged sentences.
        answers: Decoded answers to them.
        folder: Folder of the run.
        metrics: Row of results.
    """
    truth = [sentence.tags for sentence in test]
    answered = [answer["tags"] for answer in answers]
    title = f"{metrics['recipe']} on {metrics['dataset']}"
    _draw_confusion(truth, answered, folder / "confusion.png", title)
    tables = [score_table(tag_scores(truth, answered))]
    if metrics["metric"] == "f1":
        tables.insert(0, score_table(span_scores(truth, answered)))
    (folder / "scores.txt").write_text("\n\n".join(tables) + "\n")
    print(f"\nTest on {metrics['dataset']}:\n{tables[0]}\n")
    scores = {metrics["metric"]: metrics["value"], **metrics}
    for name in _METRICS:
        if scores.get(name) is not None:
            print(f"  {name.replace('_', ' '):24} {scores[name]:.4f}")
    print(f"  {'most frequent tags':24} {metrics['frequent_tags']:.4f}")
    _print_sentences(test[:_SHOWN], answers[:_SHOWN])


def _draw_confusion(truth, answered, path, title):
    truth = [tag for tags in truth for tag in tags]
    answered = [tag for tags in answered for tag in tags]
    # The most frequent tags by themselves, and one column for the others.
    names = list(tag_scores([truth], [answered]))[:-1]
    names = names if len(names) <= _DRAWN else [*names[: _DRAWN - 1], "other tags"]
    numbers = {name: number for number, name in enumerate(names)}
    rows = [
        [numbers.get(tag, len(names) - 1) for tag in tags] for tags in (truth, answered)
    ]
    counts = confusion_matrix(*rows, len(names))
    draw_confusion_matrix(counts, names, path, title)


def _print_sentences(sentences: Sequence[Sentence], answers: Sequence[Mapping]):
    width = shutil.get_terminal_size().columns
    for sentence, answer in zip(sentences, answers, strict=True):
        rows = {"": sentence.tokens, "tags": answer["tags"], "truth": sentence.tags}
        print(f"\n{aligned(rows, width)}")
        if "intent" in answer:
            print(f"intent  {answer['intent']}, in truth {sentence.intent}")
