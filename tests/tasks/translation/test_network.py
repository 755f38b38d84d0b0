"""The network of the translator."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.models import uncompiled
from harness.translation import translator_config

from rnnzoo.decoding import NEVER
from rnnzoo.layers import RECURRENT_LAYERS
from rnnzoo.tasks.translation.network import TranslationNetwork

SOURCE = tf.constant([[4, 5, 6, 2], [7, 2, 0, 0]])
TARGET = tf.constant([[1, 5, 8], [1, 6, 0]])
IDS = {"source": SOURCE, "target": TARGET}


def network(dtype="float32", share_embeddings=False, **settings):
    made = TranslationNetwork(
        translator_config(**settings),
        source_size=9,
        target_size=10,
        share_embeddings=share_embeddings,
        unwritten=[0, 1],
        dtype=dtype,
    )
    return uncompiled(made)


def test_weights_exist_after_construction():
    made = network(num_layers=2, decoder_layers=2, tie_embeddings=False)
    before = [weight.path for weight in made.weights]
    assert before
    made(IDS, training=True)
    assert [weight.path for weight in made.weights] == before


@pytest.mark.parametrize(
    "settings",
    [
        *({"attention": attention} for attention in ("bahdanau", "general", None)),
        {"attention": "dot", "bidirectional": False},
        {"cell": "lstm", "num_layers": 2, "decoder_layers": 3},
        {"cell": "lstm", "decoder_layers": 2, "attention": None},
        {"conditional": True, "decoder_layers": 2},
        {"tie_embeddings": False},
        {"share_embeddings": True},
    ],
    ids=str,
)
def test_step_matches_write_of_all_steps(settings):
    made = network(**settings)
    logits = made(IDS).numpy()
    assert logits.shape == (2, 3, 10)
    memory = made.read(SOURCE)
    step, states = made.step(memory), memory.states
    for t in range(3):
        logits_of_step, states, weights = step(TARGET[:, t], states)
        np.testing.assert_allclose(logits_of_step[:, 2:], logits[:, t, 2:], atol=1e-5)
        assert (logits_of_step[:, :2].numpy() == NEVER).all()
        if settings.get("attention", "general") is not None:
            np.testing.assert_allclose(tf.reduce_sum(weights, axis=1), 1.0, rtol=1e-5)


@pytest.mark.parametrize(
    "settings",
    [
        *({"attention": attention} for attention in ("bahdanau", "general", None)),
        {"conditional": True, "decoder_layers": 2},
    ],
    ids=str,
)
def test_gradient_of_weights_is_not_computed_per_text(settings):
    made = network(**settings)
    texts, steps = 2, 7
    ids = tf.ones([texts, steps], "int32")

    @tf.function
    def gradients():
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(made({"source": ids, "target": ids}, training=True))
        return tape.gradient(loss, [w.value for w in made.trainable_variables])

    shapes = {tuple(weight.shape) for weight in made.trainable_variables}
    assert not any(shape[0] == steps for shape in shapes)  # no state is meant below
    operations = gradients.get_concrete_function().graph.get_operations()
    found = [tuple(x.shape) for op in operations for x in op.outputs if x.shape.rank]
    assert shapes & set(found)
    assert not {(texts, *shape) for shape in shapes if len(shape) == 2} & set(found)


@pytest.mark.parametrize(
    "settings",
    [
        *({"attention": attention} for attention in ("bahdanau", "general", None)),
        {"attention": "dot", "bidirectional": False},
        {"conditional": True, "decoder_layers": 2},
    ],
    ids=str,
)
def test_padding_does_not_change_logits(settings):
    made = network(**settings)
    padded = {name: tf.pad(ids, [[0, 0], [0, 3]]) for name, ids in IDS.items()}
    np.testing.assert_allclose(made(padded)[:, :3], made(IDS), atol=1e-5)


def test_logits_do_not_depend_on_later_tokens():
    made = network()
    other = {**IDS, "target": tf.constant([[1, 5, 3], [1, 6, 9]])}
    before, after = made(IDS).numpy(), made(other).numpy()
    np.testing.assert_allclose(before[:, :2], after[:, :2], atol=1e-6)
    assert not np.allclose(before[:, 2], after[:, 2])


def dropped(read):
    """Whether `read(training)` returns other values in training."""
    at_rest, again, trained = read(False), read(False), read(True)
    np.testing.assert_array_equal(at_rest, again)
    return bool(np.abs(at_rest - trained).max() > 1e-3)


def test_dropout_applies_where_its_settings_say():
    def context(training):
        return made.read(SOURCE, training).source

    made = network(attention=None, embedding_dropout=0.9)
    assert dropped(context)  # the source's vectors
    made = network(attention=None, num_layers=2, dropout=0.9)
    assert dropped(context)  # between the layers of the encoder
    made = network(attention=None, dropout=0.9)
    assert not dropped(context)
    made = network(dropout=0.9)
    assert dropped(context)  # what attention reads

    def logits(training):
        return made.write(TARGET, memory, training)[0]

    memory = made.read(SOURCE)
    assert dropped(logits)  # before the softmax
    made = network(embedding_dropout=0.9)
    memory = made.read(SOURCE)
    assert dropped(logits)  # the target's vectors


def test_tied_embeddings_have_no_weights_of_a_softmax():
    tied, untied = network(), network(tie_embeddings=False)
    assert untied.count_params() - tied.count_params() == 4 * 10


def test_logits_of_mixed_precision_are_in_full_precision():
    """Logits show a change of the table that is too small for bfloat16."""
    made = network("mixed_bfloat16")
    table = made.target_embedding.embeddings
    table.assign(tf.ones_like(table))
    before = made(IDS)
    assert before.dtype == tf.float32
    table.assign(tf.fill(table.shape, 1 + 2.0**-12))
    ratio = made(IDS).numpy() / before.numpy()
    np.testing.assert_allclose(ratio, 1 + 2.0**-12, atol=2.0**-14)


def test_shared_embeddings_are_one_matrix():
    two, one = network(), network(share_embeddings=True)
    assert two.count_params() - one.count_params() == 9 * 4  # the source's


def test_scheduled_sampling_of_nearly_one_replaces_all_tokens():
    made = network(scheduled_sampling=0.9999999)
    best = 2 + np.argmax(made(IDS)[..., 2:], axis=-1)  # of the ids that are written
    own = np.array([[1, best[0, 0], best[0, 1]], [1, best[1, 0], 0]])
    expected = made({**IDS, "target": tf.constant(own, tf.int32)})
    np.testing.assert_allclose(made(IDS, training=True), expected, atol=1e-5)
    assert not np.allclose(made(IDS), expected, atol=1e-5)


def shares_of_own(steps, **settings):
    """Fraction of the tokens that were the model's own, in each of some steps."""
    made = network(**settings)
    target = tf.fill([50, 40], 9)
    made.score_bias.assign(
        tf.one_hot(5, 10, 1e3, 0.0)
    )  # the token it would always write
    memory = made.read(tf.repeat(SOURCE[:1], 50, axis=0))
    return [
        tf.reduce_mean(tf.cast(made._partly_own(target, memory)[:, 1:] == 5, "float32"))
        for _ in range(steps)
    ]


def test_scheduled_sampling_rises_to_its_rate():
    (share,) = shares_of_own(1, scheduled_sampling=0.4)
    assert 0.35 < share < 0.45  # of 1,950: four standard deviations
    rising = shares_of_own(4, scheduled_sampling=0.8, sampling_steps=4)
    np.testing.assert_allclose(rising, [0.2, 0.4, 0.6, 0.8], atol=0.05)


def test_scheduled_sampling_never_takes_unwritten_ids():
    made = network(scheduled_sampling=0.9999999)
    made.score_bias.assign(tf.one_hot(0, 10, 1e3, 0.0))
    own = made._partly_own(TARGET, made.read(SOURCE))
    assert (own[:, 1:].numpy()[TARGET[:, 1:] != 0] > 1).all()


@pytest.mark.parametrize("attention", [None, "bahdanau"])
@pytest.mark.parametrize("cell", ["gru", "lstm"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_read_matches_layers_on_unpadded_rows(cell, bidirectional, attention):
    """The summary is the last output; of the backward direction, the first."""
    made = network(
        cell=cell, bidirectional=bidirectional, attention=attention, num_layers=2
    )
    memory = made.read(SOURCE)
    for row, length in enumerate((4, 2)):
        x = made.source_embedding(SOURCE[row : row + 1, :length]) * 4**0.5
        for layer in made.encoder.layers:
            x, *_ = layer(x)
        ends = [x[:, -1, :5]] + [x[:, 0, 5:]] * bidirectional
        summary = tf.concat(ends, axis=-1)
        start = [[bridge(summary) for bridge in each] for each in made.bridges]
        expected = summary[0] if attention is None else x[0]
        found = memory.source[row] if attention is None else memory.source[row, :length]
        np.testing.assert_allclose(found, expected, atol=1e-6)
        for state, of_row in zip(memory.states[0], start[0], strict=True):
            np.testing.assert_allclose(state[row], of_row[0], atol=1e-6)


@pytest.mark.parametrize(
    ("cell", "conditional"),
    [
        *itertools.product(RECURRENT_LAYERS, [False, True]),
        (keras.layers.LSTM, False),
    ],
)
def test_any_cell_steps_as_it_writes(cell, conditional):
    made = network(cell=cell, num_layers=2, decoder_layers=2, conditional=conditional)
    logits, memory = made(IDS), made.read(SOURCE)
    output = made.step(memory)(TARGET[:, 0], memory.states)
    np.testing.assert_allclose(output.logits[:, 2:], logits[:, 0, 2:], atol=1e-5)


def test_conditional_decoder_of_keras_layers_raises():
    with pytest.raises(ValueError, match=r"cell.*LSTM"):
        network(cell=keras.layers.LSTM, decoder_layers=2, conditional=True)
