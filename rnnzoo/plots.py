"""Plots of learning curves and confusion matrices."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

_MAX_NUMBERED = 12  # Classes up to which a confusion matrix shows its counts.


def confusion_matrix(
    truth: Sequence[int], answers: Sequence[int], classes: int
) -> np.ndarray:
    """Returns counts `(classes, classes)`: rows are true labels, columns predictions.

    Args:
        truth: True labels, as integers.
        answers: Predicted labels, as integers.
        classes: Number of labels.

    >>> confusion_matrix([0, 1, 1], [0, 1, 0], classes=2).tolist()
    [[1, 0], [1, 1]]
    """
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (np.asarray(truth), np.asarray(answers)), 1)
    return counts


def draw_learning_curves(
    log: Mapping[str, Sequence[float]],
    path: str | Path,
    title: str,
    metric: str = "accuracy",
) -> None:
    """Draws the loss and a metric by epoch, for training and validation.

    Args:
        log: Lists by name: "loss", "val_loss", "accuracy", "val_accuracy".
        path: Path of the PNG file to write.
        title: Title of the figure.
        metric: Name of the metric in the log.
    """
    figure, panels = pyplot().subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    figure.suptitle(title)
    epochs = range(1, len(log["loss"]) + 1)
    for panel, name in zip(panels, ["loss", metric], strict=True):
        if name in log:
            panel.plot(epochs, log[name], "o-", label="training")
        panel.plot(epochs, log[f"val_{name}"], "o-C1", label="validation")
        panel.set_xlabel("epoch")
        panel.set_ylabel(name)
        panel.xaxis.get_major_locator().set_params(integer=True)
        panel.grid(alpha=0.3)
    panels[0].legend(frameon=False)
    save_figure(figure, path)


def draw_confusion_matrix(
    counts: np.ndarray, class_names: Sequence[str], path: str | Path, title: str
) -> None:
    """Draws a confusion matrix, coloured by the share of the true label.

    Args:
        counts: Counts as `confusion_matrix` returns them.
        class_names: Names of the labels.
        path: Path of the PNG file to write.
        title: Title of the figure.
    """
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = 2.6 + 0.45 * len(class_names)
    figure, panel = pyplot().subplots(figsize=(size + 1, size), layout="constrained")
    image = panel.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    figure.colorbar(image, label="share of the true label", shrink=0.8)
    ticks = range(len(class_names))
    panel.set_xticks(ticks, class_names, rotation=45, ha="right")
    panel.set_yticks(ticks, class_names)
    panel.set_xlabel("answer")
    panel.set_ylabel("truth")
    panel.set_title(title)
    if len(class_names) <= _MAX_NUMBERED:
        for (row, column), count in np.ndenumerate(counts):
            color = "white" if shares[row, column] > 0.5 else "black"
            panel.text(column, row, f"{count:,}", ha="center", va="center", color=color)
    save_figure(figure, path)


def check_plotting() -> None:
    """Raises an ImportError if Matplotlib is not installed."""
    pyplot()


def save_figure(figure, path: str | Path) -> None:
    """Writes a Matplotlib figure to a PNG file and closes it."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
    pyplot().close(figure)


def pyplot():
    """Returns `matplotlib.pyplot` with a backend that needs no display.

    Raises:
        ImportError: If Matplotlib is not installed.
    """
    try:
        import matplotlib
    except ImportError:
        raise ImportError("Plots need matplotlib: pip install matplotlib") from None
    matplotlib.use("Agg")
    import matplotlib.pyplot

    return matplotlib.pyplot
