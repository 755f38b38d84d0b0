"""Pictures of attention, and of a metric by the length of the source."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from rnnzoo.plots import pyplot, save_figure


def draw_attention(
    alignments: Sequence[tuple[Sequence[str], Sequence[str], np.ndarray]],
    path: str | Path,
    title: str,
) -> None:
    """Draws the attention weights of a few texts.

    Args:
        alignments: For each text its tokens, the tokens of the answer, and the weights,
            `(answer, text)`, from 0 to 1. A token "" is shown as the end.
        path: Path of the picture, a PNG.
        title: Title of the picture.
    """
    sizes = [0.35 * len(tokens) + 1 for tokens, _, _ in alignments]
    height = 0.3 * max(len(answer) for _, answer, _ in alignments) + 1.8
    figure, panels = pyplot().subplots(
        1,
        len(alignments),
        figsize=(sum(sizes) + 0.5, height),
        width_ratios=sizes,
        layout="constrained",
        squeeze=False,
    )
    figure.suptitle(title)
    for panel, (tokens, answer, weights) in zip(panels[0], alignments, strict=True):
        panel.imshow(weights, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        columns, rows = ([n or "(end)" for n in names] for names in (tokens, answer))
        panel.set_xticks(range(len(columns)), columns, rotation=60, ha="left")
        panel.xaxis.tick_top()
        panel.set_yticks(range(len(rows)), rows)
    save_figure(figure, path)


def draw_by_length(
    lines: Mapping[str, Mapping[int, float]],
    path: str | Path,
    title: str,
    metric: str,
) -> None:
    """Draws a metric over the length of the source.

    Args:
        lines: The metric by the greatest length, by the name in the legend.
        path: Path of the picture, a PNG.
        title: Title of the picture.
        metric: Name of the metric.
    """
    figure, panel = pyplot().subplots(figsize=(6, 3.6), layout="constrained")
    for name, figures in sorted(lines.items()):  # the same colours, whatever came first
        panel.plot(list(figures), list(figures.values()), "o-", label=name)
    panel.set_title(title)
    panel.set_xlabel("words of the source, at most")
    panel.set_ylabel(metric)
    panel.set_ylim(bottom=0)
    panel.grid(alpha=0.3)
    panel.legend(frameon=False)
    save_figure(figure, path)
