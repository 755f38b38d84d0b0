"""The layers that Keras has too: the same answers, states and gradients as there."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.layers import (
    BATCH,
    FEATURES,
    MASK,
    TIME,
    UNITS,
    assert_same_function,
    outputs_and_gradients,
    sequences,
    states,
    with_same_weights,
)

from rnnzoo import layers

NAMES = ("GRU", "LSTM", "SimpleRNN")
every_twin = pytest.mark.parametrize("name", NAMES)
masked_or_not = pytest.mark.parametrize("mask", [None, MASK], ids=["whole", "masked"])
ARGUMENTS = [
    {},
    {"return_sequences": True, "return_state": True, "go_backwards": True},
    {"return_sequences": True, "zero_output_for_mask": True},
    {"return_state": True, "zero_output_for_mask": True},
    {"return_sequences": True, "return_state": True, "unroll": True},
    {"return_sequences": True, "use_bias": False, "activation": "relu"},
    {"return_sequences": True, "activation": "softsign"},
    {"return_sequences": True, "activation": None},
]
GATED = [
    {"recurrent_activation": "hard_sigmoid", "return_sequences": True},
    {"activation": "sigmoid", "recurrent_activation": "tanh", "return_state": True},
]
DROPOUT = [
    {"dropout": 0.4, "seed": 1},
    {"recurrent_dropout": 0.4, "seed": 2},
    {"dropout": 0.3, "recurrent_dropout": 0.3, "seed": 3, "return_sequences": True},
]


def joined(arguments):
    return "-".join(arguments) or "default"


def pair(name, dtype="float64", **arguments):
    """Our layer, and that of Keras with the same arguments."""
    arguments = {"units": UNITS, "dtype": dtype, **arguments}
    return getattr(layers, name)(**arguments), getattr(keras.layers, name)(**arguments)


@every_twin
@masked_or_not
@pytest.mark.parametrize("arguments", ARGUMENTS, ids=joined)
def test_arguments(name, arguments, mask):
    assert_same_function(*pair(name, **arguments), mask, True, jit_compile=False)


@every_twin
@pytest.mark.parametrize("arguments", ARGUMENTS[:4], ids=joined)
def test_inference_with_a_mask(name, arguments):
    assert_same_function(*pair(name, **arguments), MASK, False, jit_compile=False)


@masked_or_not
@pytest.mark.parametrize("name", ["GRU", "LSTM"])
@pytest.mark.parametrize("arguments", GATED, ids=joined)
def test_arguments_of_gates(name, arguments, mask):
    assert_same_function(*pair(name, **arguments), mask, True, jit_compile=False)


@every_twin
@pytest.mark.parametrize("arguments", DROPOUT, ids=joined)
def test_dropout_of_the_same_seed_drops_the_same(name, arguments):
    """The same masks from the same generator, applied where Keras applies them."""
    assert_same_function(*pair(name, **arguments), MASK, True, jit_compile=False)


@pytest.mark.parametrize("name", ["GRU", "LSTM"])
def test_dropout_of_a_gate_each(name):
    """`implementation=1` draws a mask of the input for every gate."""
    arguments = {"dropout": 0.4, "seed": 4, "implementation": 1, "dtype": "float64"}
    ours = getattr(layers, name)(UNITS, **arguments)
    # The layer of Keras fails here, and its cell does not.
    cell = getattr(keras.layers, f"{name}Cell")(UNITS, **arguments)
    oracle = keras.layers.RNN(cell, dtype="float64")
    assert_same_function(ours, oracle, None, True, jit_compile=False)


@masked_or_not
@pytest.mark.parametrize("unroll", [False, True], ids=["loop", "unrolled"])
@pytest.mark.parametrize("arguments", [{}, DROPOUT[-1]], ids=joined)
def test_gru_without_reset_after(mask, unroll, arguments):
    """Its second product takes a weight into `update`."""
    ours, oracle = pair("GRU", reset_after=False, unroll=unroll, **arguments)
    assert_same_function(ours, oracle, mask, True, jit_compile=False)


@every_twin
@masked_or_not
def test_under_xla(name, mask):
    both = pair(name, return_sequences=True, return_state=True)
    assert_same_function(*both, mask, training=True, jit_compile=True)


@every_twin
@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16", "mixed_float16"])
def test_other_precision(name, dtype):
    """Half precision is as far from Keras' as it is from exact, 2^-8 or 2^-11."""
    both = pair(name, dtype=dtype, return_sequences=True)
    tolerance = {"float32": 1e-5, "mixed_bfloat16": 6e-2, "mixed_float16": 1e-2}[dtype]
    assert_same_function(*both, MASK, True, jit_compile=False, tolerance=tolerance)


@every_twin
@pytest.mark.parametrize("merge_mode", ["concat", "sum", "mul", "ave", None])
def test_bidirectional(name, merge_mode):
    ours, oracle = (
        keras.layers.Bidirectional(layer, merge_mode=merge_mode)
        for layer in pair(name, return_sequences=True)
    )
    with_same_weights(ours, oracle)
    inputs, mask = sequences(), tf.constant(MASK)

    def run(layer):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = keras.tree.flatten(layer(inputs, mask=mask, training=True))
            loss = tf.add_n([tf.reduce_sum(tf.sin(output)) for output in outputs])
        return outputs + tape.gradient(loss, [inputs, *layer.trainable_variables])

    for got, wanted in zip(run(ours), run(oracle), strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-10, atol=1e-10)


@every_twin
def test_stateful_with_a_mask(name):
    ours, oracle = with_same_weights(*pair(name, stateful=True, return_sequences=True))
    for start in (0, 3, 3):
        part = slice(start, start + 3)
        got, wanted = (
            layer(sequences()[:, part], mask=tf.constant(MASK[:, part]))
            for layer in (ours, oracle)
        )
        np.testing.assert_allclose(got, wanted, rtol=1e-10, atol=1e-10)
    for layer in (ours, oracle):
        layer.reset_state()
    np.testing.assert_allclose(ours(sequences()), oracle(sequences()), rtol=1e-10)


@every_twin
def test_weights_go_both_ways(name):
    ours, oracle = (layer for layer in pair(name))
    with_same_weights(ours, oracle)
    assert [(w.name, w.shape) for w in ours.weights] == [
        (w.name, w.shape) for w in oracle.weights
    ]
    oracle.set_weights(ours.get_weights())
    np.testing.assert_allclose(ours(sequences()), oracle(sequences()), rtol=1e-10)


@every_twin
def test_weights_file_of_keras(name, tmp_path):
    models = [
        keras.Sequential([keras.Input((None, FEATURES)), layer]) for layer in pair(name)
    ]
    for source, target in itertools.permutations(models):
        source.layers[0].set_weights([w + 0.1 for w in source.layers[0].get_weights()])
        source.save_weights(tmp_path / "model.weights.h5")
        target.load_weights(tmp_path / "model.weights.h5")
        np.testing.assert_allclose(source(sequences()), target(sequences()), rtol=1e-10)


@every_twin
def test_positional_arguments_are_those_of_keras(name):
    positional = {
        "GRU": (UNITS, "relu", "hard_sigmoid", False),
        "LSTM": (UNITS, "relu", "hard_sigmoid", False),
        "SimpleRNN": (UNITS, "relu", False),
    }[name]
    ours, oracle = (
        getattr(layers, name)(*positional),
        getattr(keras.layers, name)(*positional),
    )
    expected = {k: v for k, v in oracle.get_config().items() if k != "name"}
    assert expected.items() <= ours.get_config().items()
    assert isinstance(ours, type(oracle))


@every_twin
@pytest.mark.parametrize("known", [(BATCH, None), (None, TIME), (None, None)])
def test_unknown_sizes(name, known):
    ours, oracle = with_same_weights(*pair(name, return_sequences=True))

    def run(layer):
        function = tf.function(
            lambda x: outputs_and_gradients(layer, x, states(layer), None, True),
            input_signature=[tf.TensorSpec([*known, FEATURES], "float64")],
        )
        return keras.tree.flatten(function(sequences()))

    for got, wanted in zip(run(ours), run(oracle), strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-10, atol=1e-10)


@every_twin
def test_gradient_of_a_gradient(name):
    """Under the caller's XLA; the layer's own hides the way from TensorFlow."""
    ours, oracle = with_same_weights(*pair(name))

    @tf.function(jit_compile=True)
    def penalty_gradients(layer, x):
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                inner.watch(x)
                loss = tf.reduce_sum(layer(x, training=True) ** 2)
            penalty = tf.reduce_sum(inner.gradient(loss, x) ** 2)
        return outer.gradient(penalty, layer.trainable_variables)

    for got, wanted in zip(
        *(penalty_gradients(layer, sequences()) for layer in (ours, oracle)),
        strict=True,
    ):
        np.testing.assert_allclose(got, wanted, rtol=1e-10, atol=1e-10)


@every_twin
def test_no_steps_at_all(name):
    """Keras fails on them too, without a word of what is wrong."""
    layer, oracle = pair(name)
    nothing = tf.zeros((2, 0, FEATURES), "float64")
    with pytest.raises(tf.errors.InvalidArgumentError):
        oracle(nothing)
    with pytest.raises(ValueError, match=r"`sequences`.*\(2, 0, 5\)"):
        layer(nothing)


@every_twin
def test_stacked_cells_and_keras_rnn(name):
    cells = [getattr(where, f"{name}Cell") for where in (layers, keras.layers)]
    ours, oracle = (
        keras.layers.RNN(
            keras.layers.StackedRNNCells(
                [cell(units, dtype="float64") for units in (UNITS, 2)], dtype="float64"
            ),
            dtype="float64",
        )
        for cell in cells
    )
    with_same_weights(ours, oracle)
    np.testing.assert_allclose(
        ours(sequences(), mask=tf.constant(MASK)),
        oracle(sequences(), mask=tf.constant(MASK)),
        rtol=1e-6,
    )
