"""A SavedModel that is quickly written and loaded."""

from pathlib import Path

import tensorflow as tf


def write_tiny(path: Path, factor: float = 2.0) -> Path:
    """Writes a model that multiplies, with a few signatures to ask in odd ways."""
    module = tf.Module()
    module.factor = tf.Variable(factor)
    numbers = tf.TensorSpec([None], tf.float32, name="x")
    ids = tf.TensorSpec([None, None], tf.int32, name="ids")
    lengths = tf.TensorSpec([None], tf.int32, name="lengths")
    examples = tf.TensorSpec([None], tf.string, name="inputs")

    def slowly(x):
        """Runs as many steps as the largest number, some microseconds each."""
        steps = tf.cast(tf.reduce_max(x), tf.int32)
        done = tf.while_loop(lambda i: i < steps, lambda i: (i + 1,), [tf.constant(0)])
        return {"done": tf.fill(tf.shape(x), done[0])}

    def parsed(inputs):
        feature = tf.io.FixedLenFeature([], tf.float32)
        return tf.io.parse_example(inputs, {"x": feature})["x"]

    def classify(inputs):
        x = parsed(inputs)
        classes = tf.tile([["low", "high"]], [tf.size(x), 1])
        return {"classes": classes, "scores": tf.stack([1 - x, x], axis=1)}

    signatures = {
        "serving_default": (lambda x: {"y": x * module.factor}, [numbers]),
        "two": (lambda ids, lengths: {"a": ids, "b": lengths}, [ids, lengths]),
        "slow": (slowly, [numbers]),
        "unequal": (lambda x: {"a": x, "b": tf.constant([1.0, 2.0])}, [numbers]),
        "bytes": (
            lambda x: {
                "text": tf.fill([tf.size(x)], b"\xff"),
                "raw_bytes": tf.as_string(x),
            },
            [numbers],
        ),
        "classify": (classify, [examples]),
        "regress": (lambda inputs: {"outputs": parsed(inputs)}, [examples]),
    }
    tf.saved_model.save(
        module,
        str(path),
        {
            name: tf.function(function).get_concrete_function(*specs)
            for name, (function, specs) in signatures.items()
        },
    )
    return path
