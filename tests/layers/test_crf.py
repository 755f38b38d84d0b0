"""The CRF, against an explicit sum over all tag sequences."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from harness.layers import nodes
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnzoo.layers import CRF

UNITS, TIME, BATCH = 3, 4, 5
MASK = np.array(
    [[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 0, 1], [0, 0, 0, 0]], bool
)
SCORES = np.random.default_rng(0).normal(size=(BATCH, TIME, UNITS))
TAGS = np.random.default_rng(1).integers(0, UNITS, size=(BATCH, TIME))


def layer(dtype="float64", scale=1.0, **arguments):
    crf = CRF(UNITS, dtype=dtype, **arguments)
    crf.build((None, None, UNITS))
    rng = np.random.default_rng(2)
    crf.set_weights([scale * rng.normal(size=w.shape) for w in crf.get_weights()])
    return crf


def score(weights, x, tags):
    """S(y) of one sequence without masked steps."""
    transitions, start, end = weights
    steps = sum(x[t, tag] for t, tag in enumerate(tags))
    pairs = sum(transitions[pair] for pair in itertools.pairwise(tags))
    return start[tags[0]] + steps + pairs + end[tags[-1]]


def every_sequence(weights, x):
    """All tag sequences with their scores."""
    sequences = list(itertools.product(range(UNITS), repeat=len(x)))
    return sequences, np.array([score(weights, x, tags) for tags in sequences])


def log_sum(scores):
    return np.logaddexp.reduce(scores)


@pytest.mark.parametrize("mask", [None, MASK], ids=["whole", "masked"])
@pytest.mark.parametrize("scale", [1.0, 100.0])
def test_log_likelihood_is_the_score_against_all_sequences(mask, scale):
    crf, scores = layer(scale=scale), scale * SCORES
    found = crf.log_likelihood(TAGS, tf.constant(scores), mask)
    for i in range(BATCH):
        kept = slice(None) if mask is None else mask[i]
        x, tags = scores[i][kept], TAGS[i][kept]
        expected = 0.0
        if len(x):
            _, all_scores = every_sequence(crf.get_weights(), x)
            expected = score(crf.get_weights(), x, tags) - log_sum(all_scores)
        np.testing.assert_allclose(found[i], expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
def test_gradients_are_finite_differences(jit_compile):
    crf = layer()

    @tf.function(jit_compile=jit_compile)
    def gradients(scores):
        with tf.GradientTape() as tape:
            tape.watch(scores)
            loss = tf.reduce_sum(crf.log_likelihood(TAGS, scores, MASK))
        return tape.gradient(loss, [scores, *crf.trainable_variables])

    found = [g.numpy() for g in gradients(tf.constant(SCORES))]

    def loss(scores, weights):
        crf.set_weights(weights)
        return tf.reduce_sum(
            crf.log_likelihood(TAGS, tf.constant(scores), MASK)
        ).numpy()

    values = [SCORES, *crf.get_weights()]
    for i, value in enumerate(values):
        for place in np.ndindex(value.shape):
            ends = []
            for step in (1e-6, -1e-6):
                moved = [v.copy() for v in values]
                moved[i][place] += step
                ends.append(loss(moved[0], moved[1:]))
            slope = (ends[0] - ends[1]) / 2e-6
            np.testing.assert_allclose(found[i][place], slope, atol=1e-7)


@pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])
@pytest.mark.parametrize("forbidden", [-1e4, -1e9])
def test_log_likelihood_with_a_forbidden_transition_stays_exact(jit_compile, forbidden):
    """Gradients are finite, also for tags that break the rule."""
    crf = layer("float32")
    transitions, start, end = crf.get_weights()
    transitions[0, 2] = forbidden
    crf.set_weights([transitions, start, end])
    keeping, breaking = [0, 1, 2, 1], [1, 0, 2, 1]

    @tf.function(jit_compile=jit_compile)
    def run(scores):
        with tf.GradientTape() as tape:
            found = crf.log_likelihood([keeping, breaking], scores)
        return found, tape.gradient(found, crf.trainable_variables)

    found, gradients = run(tf.constant(SCORES[:2], tf.float32))
    for i, tags in enumerate([keeping, breaking]):
        _, scores = every_sequence(crf.get_weights(), SCORES[i])
        expected = score(crf.get_weights(), SCORES[i], tags) - log_sum(scores)
        np.testing.assert_allclose(found[i], expected, rtol=1e-4)
    assert all(np.isfinite(gradient).all() for gradient in gradients)


@pytest.mark.parametrize("names", [None, ["O", "B-X", "I-X"]], ids=["free", "iob2"])
@pytest.mark.parametrize("mask", [None, MASK], ids=["whole", "masked"])
def test_marginals_are_sums_over_all_sequences(mask, names):
    crf = layer(tags=names)
    found = crf.marginals(tf.constant(SCORES), mask).numpy()
    for i in range(BATCH):
        kept = np.ones(TIME, bool) if mask is None else mask[i]
        expected = np.zeros((TIME, UNITS))
        if kept.any():
            sequences, scores = every_sequence(crf.get_weights(), SCORES[i][kept])
            if names:
                scores = np.where([allowed(s) for s in sequences], scores, -np.inf)
            probabilities = np.exp(scores - log_sum(scores))
            for tags, p in zip(sequences, probabilities, strict=True):
                expected[np.flatnonzero(kept), list(tags)] += p
        np.testing.assert_allclose(found[i], expected, atol=1e-12)


@pytest.mark.parametrize("mask", [None, MASK], ids=["whole", "masked"])
@pytest.mark.parametrize("names", [None, ["O", "B-X", "I-X"]], ids=["free", "iob2"])
def test_decode_returns_the_best_of_all_sequences(mask, names):
    crf = layer(tags=names)
    tags, best = crf.decode(tf.constant(SCORES), mask)
    assert tags.dtype == tf.int32
    for i in range(BATCH):
        kept = np.ones(TIME, bool) if mask is None else mask[i]
        assert not tags[i].numpy()[~kept].any()
        if not kept.any():
            assert best[i] == 0
            continue
        sequences, scores = every_sequence(crf.get_weights(), SCORES[i][kept])
        if names:
            scores = np.where([allowed(s) for s in sequences], scores, -np.inf)
        assert tuple(tags[i].numpy()[kept]) == sequences[np.argmax(scores)]
        np.testing.assert_allclose(best[i], scores.max(), rtol=1e-12)


def allowed(tags):
    """Whether "I-X" (2) never follows "O" (0), as in IOB2."""
    return all(pair != (0, 2) for pair in itertools.pairwise((0, *tags)))


@settings(max_examples=25)
@given(
    lengths=st.lists(st.integers(1, TIME), min_size=BATCH, max_size=BATCH),
    padding=st.integers(0, 3),
)
def test_decode_of_padded_scores_is_the_same(lengths, padding):
    crf, noise = layer(), np.full((BATCH, padding, UNITS), 9.0)
    longer = tf.constant(np.concatenate([SCORES, noise], axis=1))
    mask = tf.sequence_mask(lengths, TIME + padding)
    tags, best = crf.decode(longer, mask)
    for i, n in enumerate(lengths):
        alone, score_alone = crf.decode(tf.constant(SCORES[i : i + 1, :n]))
        assert tags[i, :n].numpy().tolist() == alone[0].numpy().tolist()
        np.testing.assert_allclose(best[i], score_alone[0], rtol=1e-12)


def test_decode_in_a_graph_needs_no_python():
    crf = layer(dtype="float32", tags=["O", "B-X", "I-X"])
    spec = tf.TensorSpec([None, None, UNITS])
    function = tf.function(crf.decode).get_concrete_function(spec)
    assert not any("PyFunc" in node.op for node in nodes(function))
    tags, _ = function(tf.constant(SCORES, "float32"))
    np.testing.assert_array_equal(tags, crf.decode(tf.constant(SCORES, "float32"))[0])


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_log_likelihood_in_half_precision_is_float32(policy):
    crf = layer(dtype=policy)
    scores = crf(tf.constant(SCORES, policy.removeprefix("mixed_")))
    assert crf.log_likelihood(TAGS, scores).dtype == tf.float32


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"units": 0}, "units.*0"),
        ({"units": 2, "tags": ["O"]}, r"tags.* 2 .*units.* 1: \['O'\]"),
        ({"units": 2, "tags": ["O", "X"]}, "tags.*IOB2.*IOBES.*'X'"),
        ({"units": 2, "tags": ["O", "O"]}, r"tags.*\['O', 'O'\]"),
        ({"units": 2, "tags": [1, 2]}, r"tags.*\[1, 2\]"),
    ],
)
def test_crf_of_bad_arguments_raises(arguments, message):
    with pytest.raises(ValueError, match=message):
        CRF(**arguments)


def test_crf_of_another_last_dimension_raises():
    with pytest.raises(ValueError, match=r"scores.*\(batch, time, 3\).*\(2, 4, 5\)"):
        CRF(3)(tf.zeros((2, 4, 5)))


def test_crf_methods_of_wrong_shapes_raise():
    crf = CRF(UNITS)
    with pytest.raises(ValueError, match=r"scores.*\(batch, time, 3\).*\(2, 3\)"):
        crf(tf.zeros((2, UNITS)))
    scores = crf(tf.zeros((2, 4, UNITS)))
    with pytest.raises(ValueError, match=r"tags.*\(2, 1\)"):
        crf.log_likelihood(tf.zeros((2, 1), tf.int32), scores)

    with pytest.raises(ValueError, match=r"mask.*\(2, 3\)"):
        crf.decode(scores, tf.ones((2, 3), tf.bool))
    with pytest.raises(ValueError, match=r"scores.*\(2, 4\)"):
        crf.marginals(scores[:, :, 0])
    with pytest.raises(ValueError, match=r"CRF.*weights"):
        CRF(UNITS).decode(scores)


@pytest.mark.parametrize("tag", [-1, UNITS])
@pytest.mark.parametrize("compiled", [True, False])
def test_log_likelihood_of_an_unknown_tag_is_nan(tag, compiled):
    """XLA can raise no error. A masked tag does not count."""
    crf = layer(dtype="float32")
    likelihood = tf.function(crf.log_likelihood, jit_compile=compiled)
    tags, mask = TAGS.copy(), np.ones(TAGS.shape, bool)
    tags[1, 2] = tags[2, 3] = tag
    mask[2, 3] = False
    found = likelihood(tags, tf.constant(SCORES, tf.float32), mask).numpy()
    assert np.isnan(found).tolist() == [False, True, False, False, False]


def test_log_likelihood_in_bfloat16_is_close():
    crf = layer(dtype="bfloat16")
    scores = crf(tf.constant(SCORES, tf.bfloat16))
    exact = layer(dtype="float32").log_likelihood(TAGS, tf.constant(SCORES, tf.float32))
    found = tf.cast(crf.log_likelihood(TAGS, scores), tf.float32)
    np.testing.assert_allclose(found, exact, atol=0.2)


def test_decode_takes_a_mask_of_numbers():
    crf, scores = CRF(UNITS), tf.random.normal((2, 4, UNITS))
    scores, mask = crf(scores), tf.constant([[1, 1, 1, 0], [1, 0, 0, 0]])
    expected = crf.decode(scores, mask > 0)[0]
    np.testing.assert_array_equal(crf.decode(scores, mask)[0], expected)
