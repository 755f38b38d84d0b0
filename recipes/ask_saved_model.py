"""Asks an exported text model, with nothing but TensorFlow: no rnnzoo, no Keras.

    python recipes/ask_saved_model.py saved_models/sentiment_lstm "A wonderful film."

It shows that the SavedModel is complete: raw text in, label and score out.
"""

import sys
from pathlib import Path

# TensorFlow would import Keras; so that it is seen to be needless, it is not there.
sys.modules["keras"] = None

import tensorflow as tf  # noqa: E402


def main(directory: str, texts: list[str]) -> None:
    """Prints label and score of each text, by the newest version of a model."""
    versions = [path for path in Path(directory).iterdir() if path.name.isdecimal()]
    newest = max(versions, key=lambda path: int(path.name))
    answer = tf.saved_model.load(str(newest)).signatures["serving_default"]
    answers = answer(text=tf.constant(texts))
    print(f"{newest} says:")
    for i, text in enumerate(texts):
        label = answers["label"][i].numpy().decode()
        print(f"  {label:>8} {answers['score'][i]:.3f}  {text}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
