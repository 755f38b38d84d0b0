"""Trains a classifier of texts, measures it, and exports it for TensorFlow Serving.

    python recipes/sentiment.py                                        # synthetic data
    python recipes/sentiment.py --dataset imdb_reviews                 # real reviews
    python recipes/sentiment.py --dataset trec --recipe sentiment_gru  # question types

After an interruption, the same command goes on where it was.
"""

import argparse
import sys
from pathlib import Path

import keras
import numpy as np

from rnnzoo.plots import (
    check_plotting,
    confusion_matrix,
    draw_confusion_matrix,
    draw_learning_curves,
)
from rnnzoo.recipes import build_recipe
from rnnzoo.tasks.classification.data import load_labelled_texts
from rnnzoo.tasks.classification.model import TextClassifier
from rnnzoo.tasks.classification.recipes import sentiment
from rnnzoo.training.fit import finish
from rnnzoo.training.runner import (
    cost,
    parse_script,
    publish,
    run_script,
    script_parser,
    tell_where,
    train,
)

BASELINE = "sentiment_bag_of_words"
SETTINGS = {
    "batch_size": int,
    "units": int,
    "num_layers": int,
    "embedding_dim": int,
    "word_dropout": float,
    "embedding_dropout": float,
    "dropout": float,
    "word_counts": bool,
    "count_weight": float,
    "vocabulary_size": int,
    "max_length": int,
    "recurrent_length": int,
    "learning_rate": float,
}


def main(argv: list[str] | None = None) -> dict:
    """Load, build, train, measure, export; returns what was measured."""
    argv = sys.argv[1:] if argv is None else argv
    arguments, settings = parse(argv)
    output = Path(arguments.output)

    # === Load and build ===
    check_plotting()
    data = load_labelled_texts(arguments.dataset, arguments.text, arguments.label)
    model = build_recipe(arguments.recipe, class_names=data.class_names, **settings)
    if arguments.dry_run:
        data = data.take(3 * model.batch_size)
        clear(output)

    # === The baseline: what the words tell without their order ===
    baseline = None
    if arguments.baseline and arguments.recipe != BASELINE:
        print(f"\n{BASELINE} (the baseline) on {data.name}")
        keras.utils.set_random_seed(arguments.seed)
        words = build_recipe(BASELINE, class_names=data.class_names)
        words.adapt(data.train)
        train(words, data, arguments, output / "baseline")
        baseline = accuracy(*words.labels_and_predictions(data.test))

    # === Train ===
    print(f"\n{arguments.recipe} on {data.name}")
    keras.utils.set_random_seed(arguments.seed)
    model.adapt(data.train)
    log = train(model, data, arguments, output)

    # === Measure ===
    labels, predictions = model.labels_and_predictions(data.test)
    metrics = {
        "recipe": arguments.recipe,
        "dataset": f"{data.name} {data.version}",
        "split": f"{data.test_split} ({len(labels)})",
        "metric": "accuracy",
        "value": accuracy(labels, predictions),
        "bag_of_words": baseline,
        "majority": float(np.bincount(labels).max() / len(labels)),
        **cost(model, log, arguments, "sentiment", argv),
    }

    # === Export ===
    path = publish(model, metrics, data, arguments, output)

    # === Report ===
    title = f"{arguments.recipe} on {data.name}"
    draw_learning_curves(log, output / "learning_curves.png", title)
    counts = confusion_matrix(labels, predictions, len(data.class_names))
    draw_confusion_matrix(counts, data.class_names, output / "confusion.png", title)
    clear(output)
    report(metrics, data.name)
    tell_where(output, path, "A wonderful film.")
    return metrics


def clear(output: Path) -> None:
    """Forgets the backups of a run, and of its baseline: the next starts anew."""
    finish(output / "baseline")
    finish(output)


def accuracy(labels: np.ndarray, predictions: np.ndarray) -> float:
    """Share of the predictions that are right."""
    return round(float(np.mean(labels == predictions)), 4)


def report(metrics: dict, dataset: str) -> None:
    """Prints the accuracy beside what it has to beat."""
    print(f"\nTest accuracy on {dataset}:")
    print(f"  {metrics['recipe']:24} {metrics['value']:.4f}")
    if metrics["bag_of_words"] is not None:
        print(f"  {BASELINE:24} {metrics['bag_of_words']:.4f}")
    print(f"  {'most frequent label':24} {metrics['majority']:.4f}")


def parse(argv: list[str]) -> tuple[argparse.Namespace, dict]:
    """The arguments, and those of them that are settings of the model."""
    parser = script_parser(__doc__, "sentiment", "sentiment_lstm")
    add = parser.add_argument
    add("--baseline", action=argparse.BooleanOptionalAction, default=True)
    add("--text", help="name of the data set's text, where it has several")
    add("--label", help="name of the data set's label, where it has several")
    return parse_script(parser, argv, SETTINGS, (TextClassifier, sentiment))


if __name__ == "__main__":
    run_script(main)
