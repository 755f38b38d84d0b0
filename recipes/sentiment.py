"""Trains a text classifier, measures it, and exports it for TensorFlow Serving.

    python recipes/sentiment.py                                        # synthetic data
    python recipes/sentiment.py --dataset imdb_reviews                 # real reviews
    python recipes/sentiment.py --dataset trec --recipe sentiment_gru  # question types
    python recipes/sentiment.py --train-file train.csv --test-file test.csv

Run the same command again to resume an interrupted run.
"""

from rnnzoo.recipes import sentiment_lstm
from rnnzoo.tasks.classification.model import TextClassifier
from rnnzoo.training.runner import Run, run_script

COMMAND = "python recipes/sentiment.py"


def main(argv: list[str] | None = None) -> dict:
    """Loads, builds, fits, measures and exports; returns the row of results."""
    run = Run(argv, TextClassifier, sentiment_lstm.__name__, __doc__, COMMAND)

    # === Load: (text, label) for training, validation and test ===
    data = run.limit(TextClassifier.load(**run.data))

    # === Build: a compiled keras.Model ===
    model = run.build(data)

    # === Fit: learns the vocabulary, trains, keeps the epoch with the lowest loss ===
    run.fit(model, data)

    # === Measure: accuracy on the test split, with baselines for comparison ===
    metrics = run.measure(model, data)

    # === Export: raw text to labels, in one SavedModel ===
    run.export(model, data)
    run.report(model, data)
    return metrics


if __name__ == "__main__":
    run_script(main)
