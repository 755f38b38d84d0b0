"""Asks an exported text model, with nothing but TensorFlow: no rnnzoo, no Keras.

    python recipes/ask_saved_model.py saved_models/sentiment_lstm "A wonderful film."

It shows that the SavedModel is complete: raw text in, label and score out.
"""

import argparse
import os
import sys
from pathlib import Path

# TensorFlow would import Keras; so that it is seen to be needless, it is not there.
sys.modules["keras"] = None

import tensorflow as tf  # noqa: E402


def main(directory: str, texts: list[str]) -> None:
    """Prints label and score of each text, by the newest version of a model."""
    exported = [path.parent for path in Path(directory).glob("*/saved_model.pb")]
    exported = [path for path in exported if path.name.isdecimal()]
    if not exported:
        sys.exit(f"There is no SavedModel in {directory}/1, nor in a later version.")
    newest = max(exported, key=lambda path: int(path.name))
    answer = tf.saved_model.load(str(newest)).signatures["serving_default"]
    answers = answer(text=tf.constant([os.fsencode(text) for text in texts]))
    print(f"{newest} says:")
    for i, text in enumerate(texts):
        label = answers["label"][i].numpy().decode()
        print(f"  {label:>8} {answers['score'][i]:.3f}  {text}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", help="of the model: saved_models/sentiment_lstm")
    parser.add_argument("texts", nargs="+")
    arguments = parser.parse_args()
    main(arguments.directory, arguments.texts)
