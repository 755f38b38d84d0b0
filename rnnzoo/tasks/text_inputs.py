"""Text input and example requests that text tasks share."""

import tensorflow as tf

TEXT = tf.TensorSpec([None], tf.string, name="text")
# Every export is tried with these.
EXAMPLE_TEXTS = ("", "A film.", "It starts slowly, but the end makes up for all of it.")
EXAMPLE_ROWS = tuple({"text": text} for text in EXAMPLE_TEXTS)
