"""One competitor of `layers.py`, in a process of its own.

It reads a case from each line of its input, as JSON, prepares it and answers with the
seconds to the first result and the peak of memory; an empty line asks for a timed run.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

WARM_UP = 2
# A run shorter than this is repeated and averaged: the clock and the call cost.
SHORTEST = 0.02  # seconds


@dataclass(frozen=True)
class Case:
    """What is timed.

    Args:
        cell: "LSTM", "GRU" or "SimpleRNN".
        batch: sequences of a batch.
        time: steps of a sequence.
        features: size of the input at a step.
        units: size of the state.
        masked: whether half of the sequences are padded, to a random length.
        training: forward and backward (of weights and input), or inference.
        xla: whether the caller compiles the whole step with XLA.
    """

    cell: str
    batch: int
    time: int
    features: int
    units: int
    masked: bool
    training: bool
    xla: bool


def tensorflow_step(layers, case: Case) -> Callable[[], None]:
    """A step of `keras.layers` or of `rnnzoo.layers`."""
    import tensorflow as tf

    layer = getattr(layers, case.cell)(case.units, return_sequences=True)
    shape = (case.batch, case.time, case.features)
    layer.build(shape)
    x = tf.random.stateless_normal(shape, [0, 1])
    dy = tf.random.stateless_normal((case.batch, case.time, case.units), [0, 2])
    mask = None
    if case.masked:
        lengths = tf.random.stateless_uniform(
            [case.batch // 2], [0, 3], 1, case.time, tf.int32
        )
        full = tf.fill([case.batch - case.batch // 2], case.time)
        mask = tf.sequence_mask(tf.concat([lengths, full], 0), case.time)

    @tf.function(jit_compile=case.xla)
    def step(x):
        if not case.training:
            return layer(x, mask=mask)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, mask=mask, training=True)
        return tape.gradient(y, [x, *layer.trainable_variables], output_gradients=dy)

    return lambda: tf.nest.flatten(step(x))[0].numpy()


def rnnzoo(case: Case) -> Callable[[], None]:
    """Our layer."""
    from rnnzoo import layers

    return tensorflow_step(layers, case)


def keras(case: Case) -> Callable[[], None]:
    """The layer of Keras."""
    from keras import layers

    return tensorflow_step(layers, case)


def torch(case: Case) -> Callable[[], None] | None:
    """PyTorch's layer, which has no mask and one way to run."""
    if case.masked or case.xla:
        return None
    import torch

    layer_class = {"SimpleRNN": "RNN"}.get(case.cell, case.cell)
    layer = getattr(torch.nn, layer_class)(case.features, case.units, batch_first=True)
    x = torch.randn(case.batch, case.time, case.features, requires_grad=case.training)
    dy = torch.randn(case.batch, case.time, case.units)

    def infer():
        with torch.no_grad():
            layer(x)

    def train():
        layer.zero_grad()
        x.grad = None
        layer(x)[0].backward(dy)

    return train if case.training else infer


def products(case: Case) -> Callable[[], None] | None:
    """The matrix products alone, each over all steps at once: the limit."""
    if case.masked or not case.xla:
        return None
    import tensorflow as tf

    columns = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}[case.cell] * case.units
    rows = case.batch * case.time
    x, h, d = (
        tf.random.stateless_normal((rows, size), [0, size])
        for size in (case.features, case.units, columns)
    )
    w, u = (tf.random.stateless_normal((t.shape[1], columns), [1, 1]) for t in (x, h))

    @tf.function(jit_compile=True)
    def step(x, h, d):
        forward = [x @ w, h @ u]
        if not case.training:
            return forward
        back = [tf.matmul(d, m, transpose_b=True) for m in (w, u)]
        return [*forward, *back, *(tf.matmul(v, d, transpose_a=True) for v in (x, h))]

    return lambda: step(x, h, d)[0].numpy()


COMPETITORS = {f.__name__: f for f in (rnnzoo, keras, torch, products)}


def serve(name: str) -> None:
    """Answers requests until the input ends."""
    step = None
    for line in sys.stdin:
        if line.strip():
            start = _reset_peak()
            answer = {}
            step = COMPETITORS[name](Case(**json.loads(line)))
            if step is not None:
                answer["first_seconds"] = _timed(step)
                times = [_timed(step) for _ in range(WARM_UP)]
                repeats = max(1, round(SHORTEST / min(times)))
                answer["peak_mb"] = (_memory("VmHWM") - start) / 1024
            answer["able"] = step is not None
        else:
            answer = sum(_timed(step) for _ in range(repeats)) / repeats
        print(json.dumps(answer), flush=True)


def _timed(step):
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def _memory(field):
    """Kilobytes, from what Linux tells of this process; 0 elsewhere."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(lines[field].split()[0])


def _reset_peak():
    """Starts the peak of memory anew; returns what is in use."""
    peak = Path("/proc/self/clear_refs")
    if peak.exists():
        peak.write_text("5")
    return _memory("VmRSS")


if __name__ == "__main__":
    serve(sys.argv[1])
