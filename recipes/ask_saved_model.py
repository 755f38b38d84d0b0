"""Runs an exported text model with TensorFlow only, without rnnzoo and Keras.

    python recipes/ask_saved_model.py saved_models/sentiment_lstm "A wonderful film."

The SavedModel is complete: it takes raw text and returns labels or tags.
"""

import argparse
import os
import sys
from pathlib import Path

# Hides Keras, which TensorFlow would import, to prove that it is not needed.
sys.modules["keras"] = None

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402


def main(directory: str, texts: list[str]) -> None:
    """Prints the answers of a model's newest version to each text."""
    exported = [path.parent for path in Path(directory).glob("*/saved_model.pb")]
    exported = [path for path in exported if path.name.isdecimal()]
    if not exported:
        sys.exit(f"There is no SavedModel in {directory}/1, nor in a later version.")
    newest = max(exported, key=lambda path: int(path.name))
    answer = tf.saved_model.load(str(newest)).signatures["serving_default"]
    print(f"{newest} says:")
    for text in texts:
        print(f"\n{text}")
        outputs = answer(text=tf.constant([os.fsencode(text)]))
        for name, (value,) in outputs.items():
            print(f"  {name:14} {shown(value.numpy())}")


def shown(value: np.ndarray | np.generic | bytes) -> str:
    """Returns the texts or numbers of an output, joined by spaces."""
    items = np.ravel(np.asarray(value, object))
    return " ".join(i.decode() if isinstance(i, bytes) else f"{i:.3f}" for i in items)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", help="model, as saved_models/sentiment_lstm")
    parser.add_argument("texts", nargs="+")
    arguments = parser.parse_args()
    main(arguments.directory, arguments.texts)
