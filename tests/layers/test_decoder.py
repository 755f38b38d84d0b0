"""The decoder: all steps at once as one by one, with any cell."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.decoders import assert_padding_is_not_read, assert_step_by_step

from rnnzoo.layers import (
    GRU,
    LSTM,
    RECURRENT_LAYERS,
    BahdanauAttention,
    Decoder,
    Embedding,
    LuongAttention,
)

ATTENTIONS = {
    "none": lambda: None,
    "bahdanau": lambda: BahdanauAttention(5),
    "dot": lambda: LuongAttention("dot"),
    "general": LuongAttention,
}
every_attention = pytest.mark.parametrize("attention", ATTENTIONS)
RETURNS = {"return_sequences": True, "return_state": True}
ROWS, TIME, SOURCE, UNITS = 3, 4, 7, 6


def decoder(cell, attention, num_layers=2, **settings):
    layers = [RECURRENT_LAYERS[cell](UNITS, **RETURNS) for _ in range(num_layers)]
    return Decoder(layers, ATTENTIONS[attention](), **settings)


def inputs(made, seed=0):
    """What is written, the states before it, and what is read, by chance."""
    generator = tf.random.Generator.from_seed(seed)
    sizes = [layer.cell.state_size for layer in made.recurrent_layers]
    states = [
        [generator.normal([ROWS, n]) for n in ([s] if isinstance(s, int) else s)]
        for s in sizes
    ]
    source = [ROWS, SOURCE, UNITS] if made.attention else [ROWS, UNITS]
    mask = tf.sequence_mask([7, 2, 4], SOURCE) if made.attention else None
    return generator.normal([ROWS, TIME, 2]), states, generator.normal(source), mask


@pytest.mark.parametrize(
    ("cell", "attention"),
    [
        *((cell, "none") for cell in RECURRENT_LAYERS),
        *((cell, "bahdanau") for cell in RECURRENT_LAYERS),
        *(("gru", attention) for attention in ("dot", "general")),
    ],
)
def test_step_by_step_as_all_at_once(cell, attention):
    made = decoder(cell, attention)
    weights = assert_step_by_step(made, *inputs(made))
    assert weights.shape == (ROWS, TIME, SOURCE if made.attention else 0)


def test_shapes_of_an_encoder_and_a_decoder_without_attention():
    """10 words, embedded in 8, 2 layers of 16 units, 7 steps, 4 rows; time first."""
    ids = tf.zeros([4, 7], tf.int32)
    encoded, states = keras.layers.Embedding(10, 8)(ids), []
    for _ in range(2):
        encoded, state = GRU(16, **RETURNS)(encoded)
        states.append([state])
    made = Decoder([GRU(16, **RETURNS) for _ in range(2)])
    words = keras.layers.Embedding(10, 8)(ids)
    outputs, _, states = made(words, states, states[-1][0])
    assert tf.transpose(outputs, [1, 0, 2]).shape == (7, 4, 16)
    assert tf.stack([state for (state,) in states]).shape == (2, 4, 16)


@pytest.mark.parametrize("attention", ["bahdanau", "dot", "general"])
def test_padding_of_the_source_is_not_read(attention):
    made = decoder("gru", attention)
    assert_padding_is_not_read(made, *inputs(made))


def test_the_mask_comes_with_the_source():
    ids = tf.constant([[1, 2, 3, 0], [1, 0, 0, 0], [2, 2, 0, 0]])
    source = Embedding(4, UNITS, mask_zero=True)(ids)
    made = decoder("gru", "general")
    x, states, _, _ = inputs(made)
    _, weights, _ = made(x, states, source)
    np.testing.assert_array_equal(weights[:, 0] > 0, ids > 0)


def test_no_step_sees_a_later_one():
    made = decoder("lstm", "bahdanau")
    x, states, source, mask = inputs(made)
    outputs = made(x, states, source, source_mask=mask)[0]
    changed = tf.concat([x[:, :2], x[:, 2:] + 1], axis=1)
    others = made(changed, states, source, source_mask=mask)[0]
    np.testing.assert_allclose(outputs[:, :2], others[:, :2], atol=1e-6)
    assert (np.abs(outputs[:, 2:] - others[:, 2:]).max(axis=(1, 2)) > 1e-3).all()


@every_attention
def test_gradients_under_xla_are_those_of_plain_steps(attention):
    """The loop's own backward pass, against ordinary ones step by step."""
    made = decoder("gru", attention)
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


@every_attention
def test_file_round_trip(attention, tmp_path):
    made = decoder("lstm", attention, dropout=0.3)
    x, states, source, _ = inputs(made)
    given = [x, states, source]
    symbols = tf.nest.map_structure(lambda t: keras.Input(t.shape[1:]), given)
    outputs, _, _ = made(*symbols)
    model = keras.Model(symbols, outputs)
    model.save(tmp_path / "model.keras")
    twin = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(twin(given), model(given), atol=1e-6)
    (layer,) = (layer for layer in twin.layers if isinstance(layer, Decoder))
    assert layer.dropout.rate == 0.3


def test_a_config_makes_as_many_as_asked_for():
    config = decoder("gru", "bahdanau").get_config()
    twins = [Decoder.from_config(config).get_config() for _ in range(2)]
    assert twins[0] == twins[1] == config


def test_dropout_between_layers_in_training_alone():
    made = decoder("gru", "none", dropout=0.5)
    x, states, source, _ = inputs(made)
    first, second = (made(x, states, source)[0] for _ in range(2))
    np.testing.assert_array_equal(first, second)
    dropped = made(x, states, source, training=True)[0]
    assert np.abs(dropped - first).max() > 1e-3


def test_what_is_refused():
    with pytest.raises(ValueError, match=r"`recurrent_layers`.*\[\]"):
        Decoder([])
    with pytest.raises(ValueError, match=r"'short'.*`return_sequences=True, return_"):
        Decoder([LSTM(4, return_sequences=True, name="short")])
    for layer in (
        keras.layers.Bidirectional(GRU(4, **RETURNS)),
        GRU(4, go_backwards=True, **RETURNS),
        keras.layers.Dense(4),
    ):
        with pytest.raises(
            ValueError, match=f"`recurrent_layers`.*<{type(layer).__name__} "
        ):
            Decoder([layer])
    with pytest.raises(TypeError, match=r"`attention`.*'bahdanau'"):
        Decoder([GRU(4, **RETURNS)], "bahdanau")
    x, states, source, _ = inputs(made := decoder("gru", "none"))
    with pytest.raises(ValueError, match=r"`states`.* 2 .* 1"):
        made(x, states[:1], source)


def test_what_is_written_may_come_with_a_mask():
    """Warnings are errors here, and Keras warns of masks that end."""
    made = decoder("gru", "bahdanau")
    _, states, source, mask = inputs(made)
    ids = tf.constant([[1, 2, 3, 0]] * ROWS)
    written = Embedding(4, 2, mask_zero=True)(ids)
    outputs, _, _ = made(written, states, source, source_mask=mask)
    unmasked, _, _ = made(tf.identity(written), states, source, source_mask=mask)
    np.testing.assert_array_equal(outputs[:, :3], unmasked[:, :3])
    np.testing.assert_array_equal(outputs._keras_mask, ids > 0)
