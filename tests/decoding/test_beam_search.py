"""Beam search, against all that could be decoded."""

import numpy as np
import pytest
import tensorflow as tf
from harness.decoding import SOURCE, TinyModel, hypotheses, trimmed
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnzoo.decoding import StepOutput, beam_search, greedy_search

seeds = st.integers(0, 10_000)


LENGTHS = SOURCE, 2  # of the sources of two rows


def brute_force(model, row, max_steps, length_penalty, coverage_penalty):
    """Every hypothesis with its score, the best first."""
    found = []
    for tokens in hypotheses(max_steps):
        total, covered = model.judge(row, tokens)
        score = total / ((5 + len(tokens)) / 6) ** length_penalty
        score += coverage_penalty * np.log(np.minimum(covered, 1))[: LENGTHS[row]].sum()
        found.append((score, tokens))
    return sorted(found, reverse=True)


@settings(max_examples=15)
@given(
    seed=seeds,
    max_steps=st.integers(1, 4),
    length_penalty=st.sampled_from([0.0, 0.6, 1.0, 2.0, -0.5]),
    coverage_penalty=st.sampled_from([0.0, 0.3]),
    early_stop=st.booleans(),
)
def test_a_beam_wide_enough_finds_all_in_order(
    seed, max_steps, length_penalty, coverage_penalty, early_stop
):
    model = TinyModel(seed, rows=2)
    count = len(list(hypotheses(max_steps)))
    found = beam_search(
        model.step,
        model.states(),
        tf.fill([2], max_steps),
        beam_size=count,
        n_best=count,
        length_penalty=length_penalty,
        coverage_penalty=coverage_penalty,
        source_mask=tf.sequence_mask(LENGTHS, SOURCE),
        early_stop=early_stop,
    )
    for row in range(2):
        expected = brute_force(model, row, max_steps, length_penalty, coverage_penalty)
        scores = [score for score, _ in expected]
        np.testing.assert_allclose(found.scores[row], scores, rtol=1e-4, atol=1e-4)
        known = {tokens: score for score, tokens in expected}
        got = [trimmed(tokens) for tokens in found.tokens[row].numpy()]
        assert set(got) == set(known)
        np.testing.assert_allclose(
            [known[t] for t in got], scores, rtol=1e-4, atol=1e-4
        )


@settings(max_examples=20)
@given(seed=seeds, beam_size=st.integers(1, 6), limits=st.lists(st.integers(0, 7)))
def test_any_beam(seed, beam_size, limits):
    """No hypothesis twice, each with its true score, the best first, none too long."""
    limits = limits or [5]
    model = TinyModel(seed, rows=len(limits), peaked=3.0)
    found = beam_search(
        model.step,
        model.states(),
        tf.constant(limits),
        beam_size=beam_size,
        n_best=beam_size,
    )
    for row, limit in enumerate(limits):
        tokens = [trimmed(t) for t in found.tokens[row].numpy()]
        scores = found.scores[row].numpy()
        real = [t for t, score in zip(tokens, scores, strict=True) if score > -np.inf]
        assert len(set(real)) == len(real)
        assert tokens[len(real) :] == [()] * (beam_size - len(real))
        assert (np.diff(scores[: len(real)]) <= 0).all()
        assert all(len(t) == limit or (t[-1] == 2 and len(t) < limit) for t in real)
        assert real and (limit > 0 or real == [()])
        judged = [model.judge(row, t)[0] for t in real]
        np.testing.assert_allclose(scores[: len(real)], judged, rtol=1e-4, atol=1e-4)


@settings(max_examples=20)
@given(seed=seeds, length_penalty=st.sampled_from([0.0, 1.0]))
def test_a_beam_of_one_is_greedy(seed, length_penalty):
    model = TinyModel(seed, rows=4)
    model.outputs_bias[0] = -1.0  # a token as any other, though it looks like padding
    limits = tf.constant([1, 4, 9, 0])
    how = {"length_penalty": length_penalty}
    beam = beam_search(model.step, model.states(), limits, beam_size=1, **how)
    greedy = greedy_search(model.step, model.states(), limits, **how)
    np.testing.assert_array_equal(beam.tokens[:, 0], greedy.tokens)
    np.testing.assert_allclose(beam.scores[:, 0], greedy.scores, rtol=1e-5)


@pytest.mark.parametrize("early_stop", [True, False])
@pytest.mark.parametrize("coverage_penalty", [0.0, 0.2])
def test_a_batch_is_its_rows(early_stop, coverage_penalty):
    model = TinyModel(3, rows=5, peaked=3.0)
    limits = tf.constant([2, 9, 5, 7, 1])
    mask = tf.sequence_mask([4, 1, 2, 3, 4], SOURCE)

    def search(rows):
        return beam_search(
            model.step,
            (model.states()[0][rows],),
            limits[rows],
            beam_size=3,
            n_best=3,
            length_penalty=1.0,
            coverage_penalty=coverage_penalty,
            source_mask=mask[rows],
            early_stop=early_stop,
        )

    together = search(slice(None))
    for row in range(5):
        alone = search(slice(row, row + 1))
        for a, b in zip(alone.tokens[0], together.tokens[row], strict=True):
            assert trimmed(a.numpy()) == trimmed(b.numpy())
        np.testing.assert_allclose(alone.scores[0], together.scores[row], rtol=1e-5)


def test_many_that_ended_are_no_reason_to_stop():
    """While one is open that is far better: five words, at each of which few end."""
    going_on = np.log([1e-9, 1e-9, 0.05, 0.94, 0.01], dtype="float32")
    ending = np.log([1e-9, 1e-9, 0.98, 0.01, 0.01], dtype="float32")

    def step(tokens, written):
        is_last = written[:, None] >= 5
        return StepOutput(tf.where(is_last, ending, going_on), written + 1)

    found = beam_search(step, tf.zeros([1]), tf.constant([9]), beam_size=3)
    assert trimmed(found.tokens[0, 0].numpy()) == (3, 3, 3, 3, 3, 2)


def test_going_on_finds_no_worse():
    """Without the early stop, which looks at what is open as it stands."""
    model = TinyModel(11, rows=50)
    limits = tf.fill([50], 8)
    best = [
        beam_search(
            model.step,
            model.states(),
            limits,
            beam_size=3,
            length_penalty=2.0,
            early_stop=stop,
        ).scores[:, 0]
        for stop in (True, False)
    ]
    assert (best[1] >= best[0] - 1e-5).numpy().all()
    assert (best[1] > best[0] + 1e-5).numpy().any()


def test_in_a_graph_for_any_batch():
    model = TinyModel(5, rows=3)

    @tf.function(
        input_signature=[tf.TensorSpec([None, 3]), tf.TensorSpec([None], tf.int32)]
    )
    def search(state, limits):
        return beam_search(model.step, (state,), limits, beam_size=2)

    limits = tf.constant([3, 4, 5])
    plain = beam_search(model.step, model.states(), limits, beam_size=2)
    np.testing.assert_array_equal(search(*model.states(), limits).tokens, plain.tokens)


def test_what_is_refused():
    model = TinyModel(1, rows=1)
    arguments = model.step, model.states(), tf.constant([3])
    with pytest.raises(ValueError, match=r"`states`.*`max_steps`.* 2.*\(1, 3"):
        beam_search(*arguments[:2], tf.constant([3, 3]), beam_size=2)
    with pytest.raises(ValueError, match=r"n_best=3.*beam_size=2"):
        beam_search(*arguments, beam_size=2, n_best=3)
    with pytest.raises(ValueError, match=r"`coverage_penalty=.*`source_mask`.*None"):
        beam_search(*arguments, beam_size=2, coverage_penalty=0.1)
    with pytest.raises(ValueError, match=r"`step`.*attention=weights"):
        beam_search(
            lambda *before: model.step(*before)._replace(attention=None),
            *arguments[1:],
            beam_size=2,
            coverage_penalty=0.1,
            source_mask=tf.ones([1, SOURCE], tf.bool),
        )
    with pytest.raises(ValueError, match=r"`beam_size`.* 2\.5"):
        beam_search(*arguments, beam_size=2.5)
    with pytest.raises(ValueError, match=r"`length_penalty`.* nan"):
        beam_search(*arguments, beam_size=2, length_penalty=float("nan"))
    with pytest.raises(ValueError, match=r"`coverage_penalty`.* -0\.1"):
        beam_search(*arguments, beam_size=2, coverage_penalty=-0.1)
