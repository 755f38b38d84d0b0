"""Synthetic series and their means."""

import numpy as np
import tensorflow as tf

from rnnzoo.data.splits import OWN_LICENCE, Splits


def load_series(name: str = "embedded", *, longest: int | None = None) -> Splits:
    """Makes series of random numbers.

    Args:
        name: "embedded", the only data set there is.
        longest: Length of the longest series; by default 6.
    """
    if name != "embedded":
        raise ValueError(f"There is no data set {name!r}; there is 'embedded'.")
    rng = np.random.default_rng(0)
    lengths = rng.integers(1, (longest or 6) + 1, 60)
    series = tf.ragged.constant([rng.normal(size=n).tolist() for n in lengths])
    examples = tf.data.Dataset.from_tensor_slices(
        (series, tf.cast(tf.reduce_mean(series, axis=1), tf.float32))
    ).map(lambda values, mean: (values, mean))
    return Splits(
        name="series",
        version="1.0.0",
        train=examples.take(40),
        validation=examples.skip(40).take(10),
        test=examples.skip(50),
        licence=OWN_LICENCE,
    )
