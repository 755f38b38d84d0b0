"""Every recurrent layer, against its twin in `keras.layers`."""

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
    sequences,
    states,
    with_same_weights,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnzoo.layers import RECURRENT_LAYERS

ORACLES = {
    "gru": keras.layers.GRU,
    "lstm": keras.layers.LSTM,
    "simple_rnn": keras.layers.SimpleRNN,
}
every_twin = pytest.mark.parametrize("name", sorted(ORACLES))
every_layer = pytest.mark.parametrize("name", sorted(RECURRENT_LAYERS))
masked_or_not = pytest.mark.parametrize("mask", [None, MASK], ids=["whole", "masked"])
ARGUMENTS = [
    {},
    {"return_sequences": True},
    {"return_sequences": True, "return_state": True, "go_backwards": True},
    {"return_sequences": True, "zero_output_for_mask": True},
    {"return_state": True, "zero_output_for_mask": True},
    {"return_sequences": True, "return_state": True, "unroll": True},
    {"use_bias": False, "activation": "relu"},
]


def pair(name, dtype="float64", **arguments):
    arguments = {"units": UNITS, "dtype": dtype, **arguments}
    return RECURRENT_LAYERS[name](**arguments), ORACLES[name](**arguments)


@every_twin
@masked_or_not
@pytest.mark.parametrize("training", [True, False], ids=["training", "inference"])
@pytest.mark.parametrize("arguments", ARGUMENTS, ids=lambda a: "-".join(a) or "default")
def test_same_as_keras(name, arguments, mask, training):
    assert_same_function(*pair(name, **arguments), mask, training, jit_compile=False)


@every_twin
@masked_or_not
def test_same_as_keras_under_xla(name, mask):
    layers = pair(name, return_sequences=True, return_state=True)
    assert_same_function(*layers, mask, training=True, jit_compile=True)


@masked_or_not
@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
@pytest.mark.parametrize("unroll", [False, True], ids=["loop", "unrolled"])
def test_gru_without_reset_after_same_as_keras(mask, jit_compile, unroll):
    """Its second product takes a weight into `update`."""
    layers = pair("gru", reset_after=False, return_sequences=True, unroll=unroll)
    assert_same_function(*layers, mask, True, jit_compile)


@every_twin
def test_same_as_keras_in_float32(name):
    layers = pair(name, dtype="float32", return_sequences=True)
    assert_same_function(*layers, MASK, training=True, jit_compile=False)


@every_twin
@pytest.mark.parametrize("merge_mode", ["concat", "sum"])
def test_bidirectional_same_as_keras(name, merge_mode):
    ours, oracle = (
        keras.layers.Bidirectional(layer, merge_mode=merge_mode)
        for layer in pair(name, return_sequences=True)
    )
    with_same_weights(ours, oracle)
    inputs, mask = sequences(), tf.constant(MASK)
    np.testing.assert_allclose(
        ours(inputs, mask=mask), oracle(inputs, mask=mask), rtol=1e-10, atol=1e-10
    )


@every_layer
def test_stateful_goes_on_where_it_was(name):
    layer = RECURRENT_LAYERS[name](UNITS, stateful=True, return_sequences=True)
    whole = RECURRENT_LAYERS[name](UNITS, return_sequences=True)
    inputs = sequences("float32")
    layer.build(inputs.shape)
    whole.build(inputs.shape)
    layer.cell.set_weights(whole.cell.get_weights())
    parts = [layer(inputs[:, :3]), layer(inputs[:, 3:])]
    np.testing.assert_allclose(tf.concat(parts, 1), whole(inputs), atol=1e-6)
    layer.reset_state()
    np.testing.assert_allclose(layer(inputs[:, :3]), parts[0], atol=1e-6)


@every_layer
def test_cell_step_by_step_is_the_layer(name):
    layer = RECURRENT_LAYERS[name](UNITS, return_sequences=True)
    inputs = sequences("float32")
    expected = layer(inputs)
    state = layer.cell.get_initial_state(BATCH)
    for t in range(TIME):
        output, state = layer.cell(inputs[:, t], state)
        np.testing.assert_allclose(output, expected[:, t], atol=1e-6)


@every_layer
def test_cell_serves_in_keras_rnn(name):
    layer = RECURRENT_LAYERS[name](UNITS)
    inputs = sequences("float32")
    expected = layer(inputs)
    np.testing.assert_allclose(
        keras.layers.RNN(layer.cell)(inputs), expected, atol=1e-6
    )


@every_layer
@settings(max_examples=20, deadline=None)
@given(
    lengths=st.lists(st.integers(0, TIME), min_size=BATCH, max_size=BATCH),
    padding=st.integers(0, 4),
)
def test_padding_changes_nothing(name, lengths, padding):
    keras.utils.set_random_seed(3)
    layer = RECURRENT_LAYERS[name](UNITS)
    inputs = sequences("float32")
    mask = tf.sequence_mask(lengths, TIME)
    noise = 9 * sequences("float32", seed=4)
    padded = tf.concat([tf.where(mask[..., None], inputs, noise), noise], axis=1)
    longer = tf.sequence_mask(lengths, TIME + padding)
    np.testing.assert_allclose(
        layer(padded[:, : TIME + padding], mask=longer),
        layer(inputs, mask=mask),
        atol=1e-6,
    )


@every_layer
def test_dropout_only_in_training(name):
    layer = RECURRENT_LAYERS[name](UNITS, dropout=0.5, recurrent_dropout=0.5, seed=1)
    plain = RECURRENT_LAYERS[name](UNITS)
    inputs = sequences("float32")
    plain.build(inputs.shape)
    layer.build(inputs.shape)
    plain.set_weights(layer.get_weights())
    np.testing.assert_allclose(layer(inputs), plain(inputs), atol=1e-6)
    first, second = (layer(inputs, training=True).numpy() for _ in range(2))
    assert np.abs(first - second).max() > 1e-3


@every_layer
def test_input_dropout_mask_is_the_same_at_every_step(name, monkeypatch):
    layer = RECURRENT_LAYERS[name](UNITS, dropout=0.5)
    layer.build((None, None, FEATURES))
    projected = []
    project = layer.cell.project
    monkeypatch.setattr(
        layer.cell, "project", lambda x: projected.append(x) or project(x)
    )
    layer(tf.ones((BATCH, TIME, FEATURES)), training=True)
    (steps,) = (x.numpy() for x in projected)
    assert set(np.unique(steps)) == {0.0, 2.0}
    np.testing.assert_array_equal(steps, np.broadcast_to(steps[:1], steps.shape))


@every_layer
def test_config_and_file_round_trip(name, tmp_path):
    layer = RECURRENT_LAYERS[name](
        UNITS,
        activation="relu",
        use_bias=False,
        kernel_initializer="he_normal",
        recurrent_regularizer=keras.regularizers.L2(0.1),
        kernel_constraint="non_neg",
        dropout=0.1,
        recurrent_dropout=0.2,
        seed=5,
        return_sequences=True,
        go_backwards=True,
        zero_output_for_mask=True,
        activity_regularizer="l1",
        name="recurrent",
    )
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    model = keras.Sequential([keras.Input((None, FEATURES)), layer])
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    inputs = sequences("float32")
    np.testing.assert_array_equal(model(inputs), loaded(inputs))
    assert loaded.layers[0].get_config() == layer.get_config()


@every_layer
@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision(name, policy):
    layer = RECURRENT_LAYERS[name](UNITS, dtype=policy, return_state=True)
    inputs = sequences("float32")
    with tf.GradientTape() as tape:
        output, *last = layer(inputs, training=True)
        loss = tf.reduce_sum(output)
    assert {t.dtype.name for t in (output, *last)} == {policy.removeprefix("mixed_")}
    gradients = tape.gradient(loss, layer.trainable_variables)
    assert all(np.isfinite(g).all() for g in gradients)


@every_layer
def test_inference_graph_is_plain(name):
    """Nothing in it that a server with XLA off, or without Python, cannot run."""
    layer = RECURRENT_LAYERS[name](UNITS, dropout=0.5, recurrent_dropout=0.5)
    layer.build((None, None, FEATURES))
    function = tf.function(layer).get_concrete_function(
        tf.TensorSpec([None, None, FEATURES])
    )
    graph = function.graph.as_graph_def()
    nodes = [*graph.node, *(n for f in graph.library.function for n in f.node_def)]
    assert not any("_gradient_op_type" in node.attr for node in nodes)
    assert not any("Random" in n.op or "PyFunc" in n.op for n in nodes)


@every_layer
def test_bad_arguments_are_named(name):
    layer = RECURRENT_LAYERS[name]
    with pytest.raises(ValueError, match="`units` must be a positive integer, got 0"):
        layer(0)
    with pytest.raises(ValueError, match=r"`dropout` must be in \[0, 1\), got -0.1"):
        layer(2, dropout=-0.1)
    with pytest.raises(ValueError, match="ndim=3"):
        layer(2)(tf.zeros((2, 3)))


def test_initial_state_is_used():
    layer, _ = with_same_weights(*pair("lstm"))
    inputs = sequences()
    given_states = layer(inputs, initial_state=states(layer))
    assert np.abs(given_states - layer(inputs)).max() > 1e-3
