"""Trains a translator, measures it, and exports it for TensorFlow Serving.

    python recipes/translation.py                       # synthetic: dates to ISO 8601
    python recipes/translation.py --dataset multi30k --source en --target de --lowercase
    python recipes/translation.py --dataset tatoeba_en_fr --epochs 10
    python recipes/translation.py --train-files a.en a.de --test-files b.en b.de

Run the same command again to resume an interrupted run.
"""

from rnnzoo.recipes import translation_gru_attention
from rnnzoo.tasks.translation.model import Translator
from rnnzoo.training.runner import Run, run_script

COMMAND = "python recipes/translation.py"


def main(argv: list[str] | None = None) -> dict:
    """Loads, builds, fits, measures and exports; returns the row of results."""
    run = Run(argv, Translator, translation_gru_attention.__name__, __doc__, COMMAND)

    # === Load: (text, translation) for training, validation and test ===
    data = run.limit(Translator.load(**run.data))

    # === Build: a compiled keras.Model ===
    model = run.build(data)

    # === Fit: learns subwords, trains, keeps the epoch with the best translations ===
    run.fit(model, data)

    # === Measure: BLEU of beam search on the test split ===
    metrics = run.measure(model, data)

    # === Export: raw text to greedy and beam translations, in one SavedModel ===
    run.export(model, data)
    run.report(model, data)
    return metrics


if __name__ == "__main__":
    run_script(main)
