"""The conditional decoder: against its equations, written out."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.decoders import assert_padding_is_not_read, assert_step_by_step

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
    "bahdanau": lambda **kwargs: BahdanauAttention(5, **kwargs),
    "dot": lambda **kwargs: LuongAttention("dot", **kwargs),
    "general": lambda **kwargs: LuongAttention("general", **kwargs),
}
ROWS, TIME, SOURCE, UNITS = 3, 4, 7, 6


def decoder(cell="gru", attention="bahdanau", dtype="float32", **settings):
    made = RECURRENT_LAYERS[cell].cell_class(UNITS, dtype=dtype, **settings)
    return ConditionalDecoder(made, ATTENTIONS[attention](dtype=dtype))


def inputs(made, seed=0):
    """What is written, the states before it, and what is read, by chance."""
    normal = functools.partial(
        tf.random.Generator.from_seed(seed).normal, dtype=made.variable_dtype
    )
    states = [normal([ROWS, n]) for n in keras.tree.flatten(made.first.state_size)]
    source, mask = normal([ROWS, SOURCE, UNITS]), tf.sequence_mask([7, 2, 4], SOURCE)
    return normal([ROWS, TIME, 2]), [states], source, mask


KINDS = [
    *({"cell": cell} for cell in RECURRENT_LAYERS),
    *({"attention": attention} for attention in ("dot", "general")),
    {"cell": "lstm", "attention": "general"},
    {"cell": "lstm", "attention": "general", "projection": 2},
    {"cell": "jordan_rnn", "attention": "general", "output_units": 2},
    {"reset_after": False},
    {"use_bias": False},
]
every_kind = pytest.mark.parametrize("settings", KINDS, ids=str)


@every_kind
def test_step_by_step_as_all_at_once(settings):
    made = decoder(**settings)
    assert_step_by_step(made, *inputs(made))


def test_a_step_is_no_loop():
    """In answering it comes at every token; training takes a loop of one."""
    made = decoder()
    x, states, source, mask = inputs(made)
    made(x, states, source, source_mask=mask)
    step = tf.function(lambda: made.step(x[:, 0], states, source, mask)[0])
    operations = {op.type for op in step.get_concrete_function().graph.get_operations()}
    assert "MatMul" in operations
    assert not any("While" in each or "TensorList" in each for each in operations)
    trained, _, _ = made(x[:, :1], states, source, source_mask=mask, training=True)
    np.testing.assert_allclose(trained[:, 0], step(), atol=1e-6)


def written_out(first, second, attention, x, state, source, mask):
    """The equations, a step at a time, by calls of the cells and of the attention."""
    written = []
    for i in range(x.shape[1]):
        _, state = first(x[:, i], state)
        query = state[0][:, None]
        context, _ = attention(query, source, values_mask=mask)
        _, state = second(context[:, 0], state)
        written.append(tf.concat([state[0], context[:, 0]], axis=-1))
    return tf.stack(written, axis=1), state


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    # What this one makes of a context is not linear.
    "settings", [kind for kind in KINDS if kind.get("cell") != "layer_norm_lstm"],
    ids=str,
)  # fmt: skip
def test_outputs_and_gradients_are_those_written_out(settings, compiled):
    """The loop's own backward pass, against ordinary ones step by step."""
    made = decoder(**settings, dtype="float64")
    x, (state,), source, mask = inputs(made)
    made(x, [state], source, source_mask=mask)
    given = [x, *state, source]
    sources = [*given, *made.weights]

    @tf.function(jit_compile=compiled)
    def by_loop():
        with tf.GradientTape() as tape:
            tape.watch(given)
            outputs, _, (last,) = made(
                x, [state], source, source_mask=mask, training=True
            )
            loss = tf.reduce_sum(outputs**2) + sum(map(tf.reduce_sum, last))
        return outputs, tape.gradient(loss, sources)

    with tf.GradientTape() as tape:
        tape.watch(given)
        parts = made.first, made.second, made.attention
        expected, last = written_out(*parts, x, state, source, mask)
        loss = tf.reduce_sum(expected**2) + sum(map(tf.reduce_sum, last))
    outputs, gradients = by_loop()
    np.testing.assert_allclose(outputs, expected, rtol=1e-10)
    for one, other in zip(gradients, tape.gradient(loss, sources), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize(
    ("cell", "keras_cell"),
    [("gru", keras.layers.GRUCell), ("lstm", keras.layers.LSTMCell)],
)
def test_the_cells_are_those_of_keras(cell, keras_cell):
    made = decoder(cell)
    x, (state,), source, mask = inputs(made)
    outputs, _, _ = made(x, [state], source, source_mask=mask)
    twins = keras_cell(UNITS), keras_cell(UNITS)
    for twin, own, features in zip(
        twins, (made.first, made.second), (2, UNITS), strict=True
    ):
        twin.build((ROWS, features))
        twin.set_weights(own.get_weights())
    expected, _ = written_out(*twins, made.attention, x, state, source, mask)
    np.testing.assert_allclose(outputs, expected, atol=1e-5)


@pytest.mark.parametrize("dtype", ["mixed_float16", "mixed_bfloat16"])
@every_kind
def test_half_precision(settings, dtype):
    settings = {"cell": "gru", "attention": "bahdanau", **settings}
    made = decoder(**settings, dtype=dtype)
    assert made.compute_dtype == dtype.removeprefix("mixed_")
    x, states, source, mask = tf.nest.map_structure(
        lambda t: tf.cast(t, made.compute_dtype) if t.dtype.is_floating else t,
        inputs(made),
    )
    with tf.GradientTape() as tape:
        outputs, _, _ = made(x, states, source, source_mask=mask, training=True)
        loss = tf.reduce_sum(tf.cast(outputs, tf.float32) ** 2)
    for gradient in tape.gradient(loss, made.trainable_variables):
        assert gradient.dtype == tf.float32
        assert np.isfinite(gradient).all()
    keys = made.make_keys(source)
    output, _, _ = made.step(x[:, 0], states, source, mask, keys)
    assert output.dtype == made.compute_dtype
    np.testing.assert_allclose(
        *(tf.cast(each, tf.float32) for each in (output, outputs[:, 0])), atol=0.05
    )


@pytest.mark.parametrize("attention", ATTENTIONS)
def test_padding_of_the_source_is_not_read(attention):
    made = decoder("gru", attention)
    assert_padding_is_not_read(made, *inputs(made))


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
    with pytest.raises(TypeError, match=r"`cell`.*<GRU "):
        ConditionalDecoder(GRU(4), BahdanauAttention(4))
    with pytest.raises(
        ValueError, match=r"`dropout`.*`recurrent_dropout`.* 0\.0 .* 0\.2"
    ):
        ConditionalDecoder(GRUCell(4, recurrent_dropout=0.2), BahdanauAttention(4))
    with pytest.raises(TypeError, match=r"`attention`.*None"):
        ConditionalDecoder(LSTMCell(4), None)
    x, (state,), source, _ = inputs(made := decoder())
    for states, lengths in (([state, state], "1, 1"), ([[*state, *state]], "2")):
        with pytest.raises(ValueError, match=rf"`states`.* 1.*\[{lengths}\]"):
            made(x, states, source)


def test_each_variable_has_a_path_of_its_own():
    made = decoder()
    x, states, source, _ = inputs(made)
    made(x, states, source)
    paths = [weight.path for weight in made.weights]
    assert len(set(paths)) == len(paths) == 10


def test_what_is_written_may_come_with_a_mask():
    """Warnings are errors here, and Keras warns of masks that end."""
    made = decoder()
    _, states, source, mask = inputs(made)
    written = Embedding(4, 2, mask_zero=True)(tf.constant([[1, 2, 3, 0]] * ROWS))
    outputs, _, _ = made(written, states, source, source_mask=mask)
    unmasked, _, _ = made(tf.identity(written), states, source, source_mask=mask)
    np.testing.assert_array_equal(outputs[:, :3], unmasked[:, :3])
