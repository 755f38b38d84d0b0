"""The checks that every recurrent layer has to pass, against an oracle of Keras."""

import keras
import numpy as np
import tensorflow as tf

MASK = np.array(
    [
        [1, 1, 1, 1, 1, 0, 0],  # padded on the right
        [0, 0, 1, 1, 1, 1, 1],  # on the left
        [0, 1, 1, 0, 1, 0, 1],  # with holes
        [0, 0, 0, 0, 0, 0, 0],  # all padding
    ],
    bool,
)
BATCH, TIME = MASK.shape
FEATURES, UNITS = 5, 3


def sequences(dtype="float64", seed=0) -> tf.Tensor:
    rng = np.random.default_rng(seed)
    return tf.constant(rng.normal(size=(BATCH, TIME, FEATURES)), dtype)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def states(layer, seed=1) -> list[tf.Tensor]:
    rng = np.random.default_rng(seed)
    shapes = [(BATCH, size) for size in layer.state_size]
    return [
        tf.constant(rng.normal(size=shape), layer.compute_dtype) for shape in shapes
    ]


def with_same_weights(ours, oracle, seed=2):
    """Builds both layers, the oracle with random weights, ours with a copy of them."""
    rng = np.random.default_rng(seed)
    for layer in (ours, oracle):
        layer.build((BATCH, TIME, FEATURES))
    oracle.set_weights([rng.normal(size=w.shape) / 2 for w in oracle.get_weights()])
    ours.set_weights(oracle.get_weights())
    return ours, oracle


def outputs_and_gradients(layer, inputs, initial_state, mask, training):
    """All outputs of a layer, and the gradient of a sum that weighs them apart."""
    with tf.GradientTape() as tape:
        tape.watch([inputs, *initial_state])
        outputs = layer(
            inputs, initial_state=initial_state, mask=mask, training=training
        )
        outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
        loss = tf.add_n(
            [tf.reduce_sum(tf.sin((i + 1) * out)) for i, out in enumerate(outputs)]
        )
    sources = [inputs, *initial_state, *layer.trainable_variables]
    return outputs, tape.gradient(loss, sources, unconnected_gradients="zero")


def assert_same_function(ours, oracle, mask, training, jit_compile, tolerance=None):
    """Same outputs, states and gradients.

    Under XLA or not; if not, in a graph as a server has it, and in training, which
    takes half the time so, step by step (`test_unknown_sizes` trains in a graph).
    """
    ours, oracle = with_same_weights(ours, oracle)
    inputs = sequences(ours.compute_dtype)
    initial_state = states(oracle)
    mask = None if mask is None else tf.constant(mask)

    def run(layer, jit_compile=False):
        function = outputs_and_gradients
        if jit_compile or not training:
            function = tf.function(function, jit_compile=jit_compile)
        return function(layer, inputs, initial_state, mask, training)

    tolerance = tolerance or (1e-10 if ours.compute_dtype == "float64" else 1e-5)
    results, expected = run(ours, jit_compile=jit_compile), run(oracle)
    for got, wanted in zip(
        keras.tree.flatten(results), keras.tree.flatten(expected), strict=True
    ):
        np.testing.assert_allclose(got, wanted, rtol=tolerance, atol=tolerance)


def nodes(concrete) -> list:
    """The nodes of a traced function's graph, and of the functions that it calls."""
    graph = concrete.graph.as_graph_def()
    return [*graph.node, *(n for f in graph.library.function for n in f.node_def)]
