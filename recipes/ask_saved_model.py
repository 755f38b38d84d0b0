"""Asks an exported text model, with nothing but TensorFlow: no rnnzoo, no Keras.

    python recipes/ask_saved_model.py saved_models/sentiment_lstm "A wonderful film."

It shows that the SavedModel is complete: raw text in, a label, or tags, out.
"""

import argparse
import os
import sys
from pathlib import Path

# TensorFlow would import Keras; so that it is seen to be needless, it is not there.
sys.modules["keras"] = None

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402


def main(directory: str, texts: list[str]) -> None:
    """Prints what the newest version of a model answers to each text."""
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
    """The texts or numbers of an output, with blanks between."""
    values = np.ravel(np.asarray(value, object))
    return " ".join(
        each.decode() if isinstance(each, bytes) else f"{each:.3f}" for each in values
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", help="of the model: saved_models/sentiment_lstm")
    parser.add_argument("texts", nargs="+")
    arguments = parser.parse_args()
    main(arguments.directory, arguments.texts)
