"""The competitors of `layers.py`: one step of one recurrent layer."""

import dataclasses
import sys
from importlib.metadata import version

from side_by_side import Step, serve


@dataclasses.dataclass(frozen=True)
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


def tensorflow_step(layers, case: Case) -> Step:
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


def rnnzoo(case: Case) -> Step:
    """Our layer."""
    from rnnzoo import layers

    return tensorflow_step(layers, case)


def keras(case: Case) -> Step:
    """The layer of Keras."""
    from keras import layers

    return tensorflow_step(layers, case)


def torch(case: Case) -> Step | None:
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


def products(case: Case) -> Step | None:
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

SMALL = Case("LSTM", 1, 2, 1, 1, masked=False, training=True, xla=False)

if __name__ == "__main__":
    name = sys.argv[1]
    small = SMALL if name != "products" else dataclasses.replace(SMALL, xla=True)
    serve(
        lambda case: COMPETITORS[name](Case(**case)),
        dataclasses.asdict(small),
        version(name) if name != "products" else "",
    )
