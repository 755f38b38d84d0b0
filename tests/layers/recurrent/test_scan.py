"""`scan` itself: that it is what runs, and that it is what it says."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.layers import (
    BATCH,
    FEATURES,
    MASK,
    UNITS,
    nodes,
    outputs_and_gradients,
    sequences,
    states,
)

from rnnzoo.layers import GRU, LSTM, RECURRENT_LAYERS
from rnnzoo.layers.recurrent.scan import Recurrence, scan


def fibonacci(steps, mask=None, **arguments):
    """Each state is the sum of the two before it: the product `h U` and the rest."""
    recurrence = Recurrence(
        lambda a, r, states: (a + r + states[1], states[0]), mask=mask
    )
    zeros, one = tf.zeros((steps, 1, 1)), tf.ones((1, 1))
    return scan(recurrence, zeros, [one, 0 * one], one, **arguments)


@pytest.mark.parametrize("training", [True, False])
def test_outputs_and_last_states(training):
    (outputs,), (h, before) = fibonacci(6, training=training)
    assert outputs[:, 0, 0].numpy().tolist() == [1, 2, 3, 5, 8, 13]
    assert (h.numpy().item(), before.numpy().item()) == (13, 8)


@pytest.mark.parametrize("training", [True, False])
def test_as_many_states_of_all_steps_as_asked_for(training):
    one = tf.Variable([[1.0]])
    with tf.GradientTape() as tape:
        recurrence = Recurrence(lambda a, r, states: (a + r + states[1], states[0]))
        zeros = tf.zeros((5, 1, 1))
        (h, before), _ = scan(
            recurrence, zeros, [one.value(), 0 * one], tf.ones((1, 1)),
            training=training, sequences=2,
        )  # fmt: skip
        loss = tf.reduce_sum(before)
    assert h[:, 0, 0].numpy().tolist() == [1, 2, 3, 5, 8]
    assert before[:, 0, 0].numpy().tolist() == [1, 1, 2, 3, 5]
    assert tape.gradient(loss, one).numpy().item() == 12  # all are in proportion to it


def test_masked_steps_keep_the_states():
    mask = tf.constant([True, False, True, False])[:, None, None]
    (outputs,), _ = fibonacci(4, mask=mask)
    assert outputs[:, 0, 0].numpy().tolist() == [1, 1, 2, 2]


def test_without_sequences_nothing_is_stored():
    @tf.function
    def last():
        return fibonacci(5, sequences=0)[1][0]

    operations = {node.op for node in nodes(last.get_concrete_function())}
    assert any("While" in operation for operation in operations)
    assert not any("TensorList" in operation for operation in operations)


def nodes_of_a_call(layer, training):
    layer.build((None, None, FEATURES))
    function = tf.function(lambda x: layer(x, training=training))
    return nodes(function.get_concrete_function(tf.TensorSpec([None, None, FEATURES])))


@pytest.mark.parametrize("training", [True, False])
def test_training_alone_runs_the_own_gradient_and_xla(training):
    found = nodes_of_a_call(LSTM(UNITS, return_sequences=True), training)
    assert any("_gradient_op_type" in node.attr for node in found) == training
    assert any(node.attr["_XlaMustCompile"].b for node in found) == training


def test_without_jit_nothing_is_compiled():
    layer = LSTM(UNITS)
    layer.supports_jit = False
    found = nodes_of_a_call(layer, training=True)
    assert any("_gradient_op_type" in node.attr for node in found)
    assert not any(node.attr["_XlaMustCompile"].b for node in found)


def test_no_compiled_function_within_a_compiled_step():
    """XLA would compile the step anew at every call."""
    layer = LSTM(UNITS)
    layer.build((None, None, FEATURES))

    @tf.function(jit_compile=True)
    def step(x):
        return layer(x, training=True)

    found = nodes(step.get_concrete_function(tf.TensorSpec([None, None, FEATURES])))
    assert not any(node.attr["_XlaMustCompile"].b for node in found)


def test_fit_compiles_the_loop_by_default():
    """Also where `keras.Model.compile` takes "auto" to mean no XLA, as on a CPU."""
    layer = GRU(UNITS)
    model = keras.Sequential([keras.Input((None, FEATURES)), layer])
    model.compile("sgd", "mse")
    assert not model.jit_compile
    step = tf.function(model.train_step).get_concrete_function(
        (sequences("float32"), tf.zeros((BATCH, UNITS)))
    )
    assert any(node.attr["_XlaMustCompile"].b for node in nodes(step))


KINDS = [*((name, {}) for name in RECURRENT_LAYERS), ("lstm", {"projection": 2})]


@pytest.mark.parametrize(("name", "arguments"), KINDS)
@pytest.mark.parametrize("mask", [None, MASK], ids=["whole", "masked"])
def test_own_gradient_is_that_of_the_plain_loop(name, arguments, mask):
    layer = RECURRENT_LAYERS[name](
        UNITS, return_sequences=True, dtype="float64", **arguments
    )
    layer.build((BATCH, None, FEATURES))
    mask = None if mask is None else tf.constant(mask)

    def results(training):
        keras.utils.set_random_seed(1)
        return outputs_and_gradients(layer, sequences(), states(layer), mask, training)

    for own, plain in zip(
        *(keras.tree.flatten(results(training)) for training in (True, False)),
        strict=True,
    ):
        np.testing.assert_allclose(own, plain, rtol=1e-10, atol=1e-12)


def test_recurrent_dropout_multiplies_h_before_the_product():
    """A NumPy loop with the same dropout mask, and a gradient by differences."""
    rng = np.random.default_rng(0)
    x, h = rng.normal(size=(4, 2, 3)), rng.normal(size=(2, 3))
    kernel, dropped = rng.normal(size=(3, 3)), np.array([[0, 2, 2], [2, 0, 2.0]])
    tanh = Recurrence(
        lambda a, r, states: (tf.tanh(a + r),), dropout_masks=[tf.constant(dropped)]
    )

    def by_numpy(kernel):
        state = h
        for step in x:
            state = np.tanh(step + (state * dropped) @ kernel)
        return state

    variable = tf.Variable(kernel)
    with tf.GradientTape() as tape:
        _, (last,) = scan(
            tanh, tf.constant(x), [tf.constant(h)], variable.value(), training=True
        )
        loss = tf.reduce_sum(last)
    np.testing.assert_allclose(last, by_numpy(kernel), rtol=1e-12)
    step = np.zeros_like(kernel)
    step[1, 2] = 1e-6
    slope = (by_numpy(kernel + step) - by_numpy(kernel - step)).sum() / 2e-6
    np.testing.assert_allclose(tape.gradient(loss, variable)[1, 2], slope, rtol=1e-6)


def test_an_activation_with_weights_is_refused_with_advice():
    layer = GRU(UNITS, activation=keras.layers.PReLU())
    with pytest.raises(ValueError, match=r"`update`.*`update_weights`"):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(sequences("float32"), training=True))
        tape.gradient(loss, layer.trainable_variables)
