"""Trains a classifier of texts, measures it, and exports it for TensorFlow Serving.

    python recipes/sentiment.py                                        # synthetic data
    python recipes/sentiment.py --dataset imdb_reviews                 # real reviews
    python recipes/sentiment.py --dataset trec --recipe sentiment_gru  # question types

After an interruption, the same command goes on where it was.
"""

import argparse
import json
import shlex
import sys
from pathlib import Path

import keras
import numpy as np

from rnnzoo.datasets import LabelledTexts, load_labelled_texts
from rnnzoo.models import TextClassifier
from rnnzoo.recipes import build_recipe, list_recipes
from rnnzoo.reports import (
    add_row,
    check_plotting,
    confusion_matrix,
    draw_confusion_matrix,
    draw_learning_curves,
    environment,
)
from rnnzoo.training import finish, fit_best

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
        data, arguments.epochs = data.take(3 * model.batch_size), 1
        clear(output)

    # === The baseline: what the words tell without their order ===
    baseline = None
    if arguments.baseline and arguments.recipe != BASELINE:
        print(f"\n{BASELINE} (the baseline) on {data.name}")
        words = build_recipe(BASELINE, class_names=data.class_names)
        train(words, data, arguments, output / "baseline")
        baseline = accuracy(*words.labels_and_predictions(data.test))

    # === Train ===
    print(f"\n{arguments.recipe} on {data.name}")
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
        "parameters": model.count_params(),
        "epochs": arguments.epochs,
        "seconds": round(sum(log["seconds"])),
        "seed": arguments.seed,
        **environment(),
        "command": shlex.join(["python", "recipes/sentiment.py", *argv]),
    }
    (output / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    if arguments.results:
        add_row(arguments.results, metrics)

    # === Export ===
    about = {
        "recipe": arguments.recipe,
        "data": metrics["dataset"],
        "licence of the data": data.licence,
        "metrics": f"accuracy {metrics['value']} on {metrics['split']}",
        "trained by": f"`{metrics['command']}`",
    }
    directory = Path(arguments.export_dir) / arguments.recipe
    path = model.export_saved_model(directory, about)

    # === Report ===
    title = f"{arguments.recipe} on {data.name}"
    draw_learning_curves(log, output / "learning_curves.png", title)
    counts = confusion_matrix(labels, predictions, len(data.class_names))
    draw_confusion_matrix(counts, data.class_names, output / "confusion.png", title)
    clear(output)
    report(metrics, data.name)
    print(f"Figures and pictures are in {output}/, the SavedModel in {path}/")
    print(f'Ask it: python -m rnnzoo predict {path.parent} "A wonderful film."')
    return metrics


def train(
    model: TextClassifier,
    data: LabelledTexts,
    arguments: argparse.Namespace,
    output: Path,
) -> dict[str, list[float]]:
    """Learns the vocabulary, then the weights; keeps those of the best epoch."""
    ignored = ("name", "vocabulary")
    settings = {
        **{k: v for k, v in model.get_config().items() if k not in ignored},
        "learning_rate": float(model.optimizer.learning_rate),
        "data": f"{data.name} {data.version} {len(data.train)}",
        "epochs": arguments.epochs,
        "seed": arguments.seed,
    }
    keras.utils.set_random_seed(arguments.seed)
    model.adapt(data.train)
    return fit_best(
        model,
        model.pipeline(data.train, training=True),
        model.pipeline(data.validation),
        arguments.epochs,
        output,
        settings,
    )


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
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    names = ", ".join(list_recipes("sentiment_*"))
    add("--recipe", default="sentiment_lstm", help=names)
    add("--dataset", default="embedded", help="or a name in tensorflow-datasets")
    add("--text", help="name of the data set's text, where it has several")
    add("--label", help="name of the data set's label, where it has several")
    add("--epochs", type=int, default=5)
    add("--seed", type=int, default=0)
    add("--output", help="for figures and pictures; runs/RECIPE-DATASET-SEED")
    add("--export-dir", help="saved_models; runs/dry-run with --dry-run")
    add("--results", help="CSV file to add the result to")
    add("--baseline", action=argparse.BooleanOptionalAction, default=True)
    add("--dry-run", action="store_true", help="one epoch of three batches")
    group = parser.add_argument_group(
        "settings of the model", "See TextClassifier; by default the recipe's."
    )
    for name, kind in SETTINGS.items():
        flag = {"action": argparse.BooleanOptionalAction}
        how = flag if kind is bool else {"type": kind}
        group.add_argument(f"--{name.replace('_', '-')}", **how)
    arguments = parser.parse_args(argv)
    if arguments.seed < 0:
        parser.error(f"--seed must not be negative, got {arguments.seed}")
    if arguments.dry_run and arguments.results:
        parser.error("--results takes no --dry-run: three batches measure nothing")
    run = (
        "dry-run"
        if arguments.dry_run
        else "-".join(
            [arguments.recipe, arguments.dataset.replace("/", "-"), str(arguments.seed)]
        )
    )
    arguments.output = arguments.output or f"runs/{run}"
    arguments.export_dir = arguments.export_dir or (
        "runs/dry-run" if arguments.dry_run else "saved_models"
    )
    given = {name: getattr(arguments, name) for name in SETTINGS}
    return arguments, {k: v for k, v in given.items() if v is not None}


if __name__ == "__main__":
    try:
        main()
    except (ValueError, OSError, ImportError) as error:
        # One sentence says what was wrong; with PYTHONDEVMODE=1, also where.
        if sys.flags.dev_mode:
            raise
        sys.exit(f"error: {error}")
