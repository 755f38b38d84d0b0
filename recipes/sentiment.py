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
    "vocabulary_size": int,
    "max_length": int,
    "learning_rate": float,
}


def main(argv: list[str] | None = None) -> dict:
    """Load, build, train, measure, export; returns what was measured."""
    argv = sys.argv[1:] if argv is None else argv
    arguments, settings = parse(argv)
    output = Path(arguments.output or f"runs/{arguments.recipe}-{arguments.dataset}")

    # === Load and build ===
    try:
        data = load_labelled_texts(arguments.dataset, arguments.text, arguments.label)
        model = build_recipe(arguments.recipe, class_names=data.class_names, **settings)
    except (ValueError, ConnectionError) as error:
        sys.exit(f"error: {error}")
    if arguments.dry_run:
        data, arguments.epochs = data.take(3 * model.batch_size), 1

    # === The baseline: what the words tell without their order ===
    baseline = None
    if arguments.baseline:
        print(f"\n{BASELINE} (the baseline) on {data.name}")
        words = build_recipe(BASELINE, class_names=data.class_names)
        train(words, data, arguments, output / "baseline")
        baseline = share_right(*words.truth_and_answers(data.test))

    # === Train ===
    print(f"\n{arguments.recipe} on {data.name}")
    log = train(model, data, arguments, output)

    # === Measure ===
    truth, answers = model.truth_and_answers(data.test)
    metrics = {
        "recipe": arguments.recipe,
        "dataset": f"{data.name} {data.version}",
        "split": f"test ({len(truth)})",
        "metric": "accuracy",
        "value": share_right(truth, answers),
        "bag_of_words": baseline,
        "majority": float(np.bincount(truth).max() / len(truth)),
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
    title = f"{arguments.recipe} on {data.name}"
    draw_learning_curves(log, output / "learning_curves.png", title)
    counts = confusion_matrix(truth, answers, len(data.class_names))
    draw_confusion_matrix(counts, data.class_names, output / "confusion.png", title)

    # === Export ===
    path = model.export_saved_model(Path(arguments.export_dir) / arguments.recipe)
    finish(output)
    finish(output / "baseline")

    print(f"\nTest accuracy on {data.name}:")
    print(f"  {arguments.recipe:24} {metrics['value']:.4f}")
    if baseline is not None:
        print(f"  {BASELINE:24} {baseline:.4f}")
    print(f"  {'most frequent label':24} {metrics['majority']:.4f}")
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
    keras.utils.set_random_seed(arguments.seed)
    model.adapt(data.train)
    ignored = ("output", "export_dir", "results")
    return fit_best(
        model,
        model.pipeline(data.train, training=True),
        model.pipeline(data.validation),
        arguments.epochs,
        output,
        settings={k: v for k, v in vars(arguments).items() if k not in ignored},
    )


def share_right(truth: np.ndarray, answers: np.ndarray) -> float:
    """Accuracy."""
    return round(float(np.mean(truth == answers)), 4)


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
    add("--output", help="folder for figures and pictures; runs/RECIPE-DATASET")
    add("--results", help="CSV file to add the result to")
    add("--export-dir", default="saved_models")
    add("--baseline", action=argparse.BooleanOptionalAction, default=True)
    add("--dry-run", action="store_true", help="one epoch of three batches")
    group = parser.add_argument_group("settings of the model (default: the recipe's)")
    for name, kind in SETTINGS.items():
        group.add_argument(f"--{name.replace('_', '-')}", type=kind)
    arguments = parser.parse_args(argv)
    given = {name: getattr(arguments, name) for name in SETTINGS}
    return arguments, {k: v for k, v in given.items() if v is not None}


if __name__ == "__main__":
    main()
