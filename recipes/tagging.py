"""Trains a word tagger, measures it, and exports it for TensorFlow Serving.

    python recipes/tagging.py                                          # synthetic data
    python recipes/tagging.py --dataset universal_dependencies/en_ewt --tags upos
    python recipes/tagging.py --dataset atis --recipe tagging_char_bilstm_crf --intent
    python recipes/tagging.py --train-file train.conll --test-file test.conll --column 3

Run the same command again to resume an interrupted run.
"""

from rnnzoo.recipes import tagging_bilstm_crf
from rnnzoo.tasks.tagging.model import Tagger
from rnnzoo.training.runner import Run, run_script

COMMAND = "python recipes/tagging.py"


def main(argv: list[str] | None = None) -> dict:
    """Loads, builds, fits, measures and exports; returns the row of results."""
    run = Run(argv, Tagger, tagging_bilstm_crf.__name__, __doc__, COMMAND)

    # === Load: (tokens, tags) for training, validation and test ===
    data = run.limit(Tagger.load(**run.data))

    # === Build: a compiled keras.Model ===
    model = run.build(data)

    # === Fit: learns words and tags, trains, keeps the epoch with the best score ===
    run.fit(model, data)

    # === Measure: span F1 or accuracy on the test split ===
    metrics = run.measure(model, data)

    # === Export: raw text to tokens with tags, in one SavedModel ===
    run.export(model, data)
    run.report(model, data)
    return metrics


if __name__ == "__main__":
    run_script(main)
