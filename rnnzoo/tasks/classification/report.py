"""Report of a classifier run: printed scores and pictures."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from rnnzoo.plots import confusion_matrix, draw_confusion_matrix


def report_classes(
    labels: np.ndarray,
    predictions: np.ndarray,
    class_names: Sequence[str],
    folder: Path,
    metrics: Mapping[str, object],
) -> None:
    """Draws `confusion.png`, and prints the accuracy beside the baselines.

    Args:
        labels: Number of the label of each text.
        predictions: Number predicted for each.
        class_names: Names of the labels.
        folder: Folder of the run.
        metrics: Row of results, with `recipe`, `dataset`, `value` and baselines.
    """
    title = f"{metrics['recipe']} on {metrics['dataset']}"
    counts = confusion_matrix(labels, predictions, len(class_names))
    draw_confusion_matrix(counts, class_names, folder / "confusion.png", title)
    print(f"\nTest accuracy on {metrics['dataset']}:")
    print(f"  {metrics['recipe']:32} {metrics['value']:.4f}")
    if metrics.get("bag_of_words") is not None:
        print(f"  {'sentiment_bag_of_words':32} {metrics['bag_of_words']:.4f}")
    print(f"  {'most frequent label':32} {metrics['majority']:.4f}")
