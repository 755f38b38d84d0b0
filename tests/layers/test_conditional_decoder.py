"""The conditional decoder: against Keras' cells and attention, written out."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.layers import (
    GRU,
    RECURRENT_LAYERS,
    BahdanauAttention,
    ConditionalDecoder,
    Embedding,
    GRUCell,
    LSTMCell,
    LuongAttention,
)

ATTENTIONS = {
    "bahdanau": lambda: BahdanauAttention(5),
    "dot": lambda: LuongAttention("dot"),
    "general": LuongAttention,
}
ROWS, TIME, SOURCE, UNITS = 3, 4, 7, 6


def decoder(cell="gru", attention="bahdanau", **settings):
    made = RECURRENT_LAYERS[cell].cell_class(UNITS, **settings)
    return ConditionalDecoder(made, ATTENTIONS[attention]())


def inputs(made, seed=0):
    """What is written, the states before it, and what is read, by chance."""
    normal = tf.random.Generator.from_seed(seed).normal
    states = [normal([ROWS, n]) for n in keras.tree.flatten(made.first.state_size)]
    source, mask = normal([ROWS, SOURCE, UNITS]), tf.sequence_mask([7, 2, 4], SOURCE)
    return normal([ROWS, TIME, 2]), [states], source, mask


every_kind = pytest.mark.parametrize(
    "settings",
    [
        *({"cell": cell} for cell in RECURRENT_LAYERS),
        *({"attention": attention} for attention in ("dot", "general")),
        {"reset_after": False},
        {"use_bias": False},
    ],
    ids=str,
)


@every_kind
def test_step_by_step_as_all_at_once(settings):
    made = decoder(**settings)
    x, states, source, mask = inputs(made)
    outputs, weights, last = made(x, states, source, source_mask=mask)
    keys = made.make_keys(source)
    for i in range(TIME):
        output, weight, states = made.step(x[:, i], states, source, mask, keys)
        np.testing.assert_allclose(output, outputs[:, i], atol=1e-5)
        np.testing.assert_allclose(weight, weights[:, i], atol=1e-5)
    for one, expected in zip(states[0], last[0], strict=True):
        np.testing.assert_allclose(one, expected, atol=1e-5)


def by_keras(made, keras_cell):
    """The four equations, with cells and attention of Keras that have our weights."""
    first, second = keras_cell(UNITS), keras_cell(UNITS)
    first.build((ROWS, 2))
    second.build((ROWS, UNITS))
    first.set_weights(made.first.get_weights())
    second.set_weights(made.second.get_weights())

    def step(x, states, source, mask):
        _, states = first(x, states)
        query = states[0][:, None]
        context, weights = made.attention(query, source, values_mask=mask)
        _, states = second(context[:, 0], states)
        return tf.concat([states[0], context[:, 0]], -1), weights[:, 0], states

    return step, [*first.weights, *second.weights, *made.attention.weights]


@pytest.mark.parametrize("attention", ATTENTIONS)
@pytest.mark.parametrize(
    ("cell", "keras_cell"),
    [("gru", keras.layers.GRUCell), ("lstm", keras.layers.LSTMCell)],
)
def test_outputs_and_gradients_are_those_of_keras(cell, keras_cell, attention):
    """The loop's own backward pass, compiled, against ordinary ones step by step."""
    made = decoder(cell, attention)
    x, (state,), source, mask = inputs(made)
    made(x, [state], source, source_mask=mask)
    given = [x, *state, source]

    @tf.function(jit_compile=True)
    def compiled():
        with tf.GradientTape() as tape:
            tape.watch(given)
            outputs, _, (last,) = made(
                x, [state], source, source_mask=mask, training=True
            )
            loss = tf.reduce_sum(outputs**2) + sum(map(tf.reduce_sum, last))
        return outputs, tape.gradient(loss, [*given, *made.weights])

    step, weights = by_keras(made, keras_cell)
    with tf.GradientTape() as tape:
        tape.watch(given)
        written, last = [], state
        for i in range(TIME):
            output, _, last = step(x[:, i], last, source, mask)
            written.append(output)
        written = tf.stack(written, axis=1)
        loss = tf.reduce_sum(written**2) + sum(map(tf.reduce_sum, last))
    outputs, gradients = compiled()
    np.testing.assert_allclose(outputs, written, atol=1e-5)
    expected = tape.gradient(loss, [*given, *weights])
    for one, other in zip(gradients, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


@every_kind
def test_gradients_under_xla_are_those_of_plain_steps(settings):
    made = decoder(**settings)
    x, states, source, mask = inputs(made)
    made(x, states, source, source_mask=mask)

    @tf.function(jit_compile=True)
    def compiled():
        with tf.GradientTape() as tape:
            outputs, _, _ = made(x, states, source, source_mask=mask, training=True)
            loss = tf.reduce_sum(outputs**2)
        return tape.gradient(loss, made.trainable_variables)

    with tf.GradientTape() as tape:
        outputs, state = [], states
        for i in range(TIME):
            output, _, state = made.step(x[:, i], state, source, mask)
            outputs.append(output)
        loss = tf.reduce_sum(tf.stack(outputs, axis=1) ** 2)
    expected = tape.gradient(loss, made.trainable_variables)
    for one, other in zip(compiled(), expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_padding_of_the_source_is_not_read(attention):
    made = decoder("gru", attention)
    x, states, source, mask = inputs(made)
    before = made(x, states, source, source_mask=mask)[0]
    padded = tf.where(mask[..., None], source, 1e3)
    after = made(x, states, padded, source_mask=mask)[0]
    np.testing.assert_allclose(before, after, atol=1e-5)


def test_the_mask_comes_with_the_source():
    ids = tf.constant([[1, 2, 3, 0], [1, 0, 0, 0], [2, 2, 0, 0]])
    source = Embedding(4, UNITS, mask_zero=True)(ids)
    made = decoder()
    x, states, _, _ = inputs(made)
    _, weights, _ = made(x, states, source)
    np.testing.assert_array_equal(weights[:, 0] > 0, ids > 0)
    assert not (made(x, states, tf.identity(source))[1] == 0).numpy().any()


def test_what_was_read_is_asked_for_otherwise():
    """The weights of a step depend on the contexts before, unlike in a `Decoder`."""
    made = decoder()
    x, states, source, mask = inputs(made)
    made(x, states, source)
    made.second.kernel.assign(tf.zeros_like(made.second.kernel))
    deaf = made(x, states, source, source_mask=mask)[1]
    made.second.kernel.assign(tf.ones_like(made.second.kernel))
    hears = made(x, states, source, source_mask=mask)[1]
    np.testing.assert_allclose(deaf[:, 0], hears[:, 0], atol=1e-6)
    assert (np.abs(deaf - hears)[:, 1:].max(axis=(1, 2)) > 1e-3).all()


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_file_round_trip(attention, tmp_path):
    made = decoder("lstm", attention)
    x, states, source, _ = inputs(made)
    given = [x, states, source]
    symbols = tf.nest.map_structure(lambda t: keras.Input(t.shape[1:]), given)
    outputs, _, _ = made(*symbols)
    model = keras.Model(symbols, outputs)
    model.save(tmp_path / "model.keras")
    twin = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(twin(given), model(given), atol=1e-6)


def test_what_is_refused():
    with pytest.raises(TypeError, match="`cell` must be a cell of this package, such"):
        ConditionalDecoder(GRU(4), BahdanauAttention(4))
    with pytest.raises(ValueError, match=r"without `dropout` .* got 0.0 and 0.2"):
        ConditionalDecoder(GRUCell(4, recurrent_dropout=0.2), BahdanauAttention(4))
    with pytest.raises(TypeError, match="`attention` must be a BahdanauAttention or"):
        ConditionalDecoder(LSTMCell(4), None)
    x, states, source, _ = inputs(made := decoder())
    with pytest.raises(ValueError, match="the states of one layer, got 2"):
        made(x, [*states, *states], source)
