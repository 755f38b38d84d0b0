"""Report of a translator run: printed scores and pictures."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from rnnzoo.tasks.translation.by_length import score_by_length, store_by_length
from rnnzoo.tasks.translation.config import FIGURES
from rnnzoo.tasks.translation.pictures import draw_attention, draw_by_length
from rnnzoo.tasks.translation.scores import (
    SHOWN,
    print_examples,
    read_pairs,
    text_scores,
)

_REPORTED = (
    *("bleu", "signature", "chrf", "chrf_signature", "exact_match", "greedy"),
    *("tokenized_bleu", "greedy_tokenized_bleu", "tokenized_signature"),
)
_DRAWN = 10  # Words of the texts whose attention is drawn, at most, if there are some.


def report_translations(
    model,
    data,
    answers: Mapping[str, Sequence[str]],
    folder: Path,
    metrics: Mapping,
    others: Mapping[str, Mapping[int, float]],
) -> None:
    """Draws attention and scores by length, and prints scores and a few translations.

    Args:
        model: An adapted `Translator`.
        data: `Splits` of pairs.
        answers: Translations of the test split by "beam" and by "greedy" search.
        folder: Folder of the run.
        metrics: Row of results.
        others: Scores by length of other runs, by what the legend calls them.
    """
    sources, references = read_pairs(data.test, data.test_split)
    title = f"{metrics['recipe']} on {metrics['dataset']}"
    if model.config.attention is not None:
        # A long source would leave no room for the letters.
        short = [source for source in sources if 0 < len(source.split()) <= _DRAWN]
        alignments = model.read_attention((short or sources)[:SHOWN])
        draw_attention(alignments, folder / "attention.png", f"{title}, greedy search")

    def score(*texts):
        return text_scores(*texts, model.config.lowercase)[metrics["metric"]]

    scores = score_by_length(score, sources, answers["beam"], references)
    store_by_length(scores, folder)
    name = FIGURES[metrics["metric"]]
    lines = {**others, metrics["recipe"]: scores}
    path = folder / "by_length.png"
    draw_by_length(lines, path, f"{name} on {metrics['dataset']}", name)
    print(f"\nTest on {metrics['dataset']}, beam of {metrics['beam_size']}:")
    print_examples(sources, references, answers["beam"])
    print()
    labels = {"greedy": f"greedy {metrics['metric']}"}
    for name in _REPORTED:
        if metrics.get(name) is not None:
            print(f"  {labels.get(name, name).replace('_', ' '):24} {metrics[name]}")
