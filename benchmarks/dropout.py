"""Times dropout within a step that XLA compiles, ours beside that of Keras.

    python benchmarks/dropout.py

Milliseconds for a batch of (32, time, features), the best of several rounds in turn.
"""

import argparse
import time
from collections.abc import Callable

import keras
import tensorflow as tf

import rnnzoo.layers

SHAPES = [(32, 16, 128), (32, 24, 256), (32, 100, 256)]


def main(argv: list[str] | None = None) -> None:
    """Prints a line a shape."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    arguments = parser.parse_args(argv)
    print(f"{'shape':>16} {'rnnzoo':>9} {'Keras':>9}")
    for shape in SHAPES:
        steps = {
            "rnnzoo": compiled(rnnzoo.layers.Dropout(0.5), shape),
            "keras": compiled(keras.layers.Dropout(0.5), shape),
        }
        best = dict.fromkeys(steps, float("inf"))
        for _ in range(arguments.rounds):
            for name, step in steps.items():
                start = time.perf_counter()
                step()
                best[name] = min(best[name], 1000 * (time.perf_counter() - start))
        print(f"{shape!s:>16} {best['rnnzoo']:9.2f} {best['keras']:9.2f}")


def compiled(layer: keras.layers.Layer, shape: tuple[int, ...]) -> Callable:
    """A step of the layer in training, compiled and run once."""
    inputs = tf.ones(shape)
    run = tf.function(lambda: layer(inputs, training=True), jit_compile=True)

    def step():
        return run().numpy()

    step()
    return step


if __name__ == "__main__":
    main()
