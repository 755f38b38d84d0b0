"""What the signatures of tasks on text share: the input, and example requests."""

import tensorflow as tf

TEXT = tf.TensorSpec([None], tf.string, name="text")
# Every export is tried with these.
EXAMPLE_TEXTS = ("", "A film.", "It starts slowly, but the end makes up for all of it.")
EXAMPLE_ROWS = tuple({"text": text} for text in EXAMPLE_TEXTS)
