"""Greedy search and sampling."""

import re
from functools import partial

import numpy as np
import pytest
import tensorflow as tf
from harness.decoding import WORDS, TinyModel, hypotheses, trimmed
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnzoo.decoding import StepOutput, beam_search, greedy_search, sample


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000), limits=st.lists(st.integers(0, 7), min_size=1))
def test_greedy_takes_the_likeliest(seed, limits):
    model = TinyModel(seed, rows=len(limits), peaked=3.0)
    found = greedy_search(model.step, model.states(), tf.constant(limits))
    for row, limit in enumerate(limits):
        expected = ()
        while len(expected) < limit and expected[-1:] != (2,):
            expected = max(
                ((*expected, word) for word in WORDS),
                key=lambda tokens, row=row: model.judge(row, tokens)[0],
            )
        assert trimmed(found.tokens[row].numpy()) == expected
        total = model.judge(row, expected)[0]
        np.testing.assert_allclose(found.scores[row], total, rtol=1e-4, atol=1e-5)


def draw(model, rows=4000, seed=(1, 2), **settings):
    states = (tf.repeat(model.states()[0], rows, axis=0),)
    key = tf.constant(seed)
    return sample(model.step, states, tf.fill([rows], 2), seed=key, **settings)


def test_sampling_draws_by_probability():
    model = TinyModel(4, rows=1)
    found = draw(model)
    drawn = [trimmed(tokens) for tokens in found.tokens.numpy()]
    for tokens in hypotheses(2):
        probability = np.exp(model.judge(0, tokens)[0])
        spread = np.sqrt(probability * (1 - probability) / 4000)
        assert abs(drawn.count(tokens) / 4000 - probability) < 5 * spread + 1e-9
    judged = [model.judge(0, tokens)[0] for tokens in drawn[:50]]
    np.testing.assert_allclose(found.scores[:50], judged, rtol=1e-4)


def test_the_same_seed_draws_the_same():
    model = TinyModel(4, rows=1)
    first, same, other = (draw(model, 50, (3, seed)).tokens for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert (first.numpy() != other.numpy()).any()


def test_drawing_in_a_graph_for_any_batch():
    model = TinyModel(4, rows=3)
    rows = tf.TensorSpec([None, 3]), tf.TensorSpec([None], tf.int32)

    @tf.function(input_signature=[*rows, tf.TensorSpec([2], tf.int32)])
    def search(state, limits, seed):
        return sample(model.step, (state,), limits, seed=seed, top_k=2, top_p=0.9)

    given = tf.constant([3, 0, 5]), tf.constant([1, 2])
    plain = sample(
        *(model.step, model.states(), given[0]), seed=given[1], top_k=2, top_p=0.9
    )
    found = search(*model.states(), *given)
    np.testing.assert_array_equal(found.tokens, plain.tokens)
    np.testing.assert_allclose(found.scores, plain.scores, rtol=1e-5)


def test_seeds_that_follow_each_other_draw_nothing_alike():
    """Not even one what the other draws a step later."""
    logits = tf.zeros([400, 50])
    draws = [
        sample(
            lambda tokens, states: StepOutput(logits, states),
            (),
            tf.fill([400], 2),
            seed=tf.constant([1, seed]),
            end=-1,
        ).tokens.numpy()
        for seed in (1, 2)
    ]
    for one in draws[0].T:
        for other in draws[1].T:
            assert (one == other).mean() < 0.2  # by chance 0.02


@pytest.mark.parametrize(
    "kept", [{"top_k": 1}, {"top_p": 1e-6}, {"temperature": 1e-40}]
)
def test_what_keeps_one_token_is_greedy(kept):
    model = TinyModel(6, rows=1)
    (expected,) = greedy_search(model.step, model.states(), tf.constant([2])).tokens
    for tokens in draw(model, 30, **kept).tokens:
        assert trimmed(tokens.numpy()) == trimmed(expected.numpy())


def test_a_nucleus():
    """Of probabilities 0.5, 0.3 and 0.2, three quarters take two, a half takes one."""
    logits = tf.math.log([[0.0, 0.0, 0.2, 0.5, 0.3]])
    states = tf.zeros([3000, 1])

    def step(tokens, states):
        return StepOutput(tf.repeat(logits, 3000, axis=0), states)

    def drawn(top_p):
        limits = tf.ones([3000], tf.int32)
        found = sample(step, states, limits, seed=tf.constant([1, 1]), top_p=top_p)
        return {int(token) for token in found.tokens[:, 0]}

    assert drawn(0.45) == {3}
    assert drawn(0.75) == {3, 4}
    assert drawn(0.85) == drawn(1.0) == {2, 3, 4}


@pytest.mark.parametrize(
    ("kept", "expected"),
    [({"top_k": 1}, {0}), ({"top_k": 3}, {0, 1, 2}), ({"top_p": 0.6}, {0, 1, 2})],
)
def test_of_equally_likely_tokens_no_more_are_kept(kept, expected):
    logits = tf.zeros([400, 4])
    found = sample(
        lambda tokens, states: StepOutput(logits, states),
        (),
        tf.ones([400], tf.int32),
        seed=tf.constant([1, 1]),
        **kept,
    )
    assert {int(token) for token in found.tokens[:, 0]} == expected


@pytest.mark.parametrize("decode", [greedy_search, partial(beam_search, beam_size=2)])
def test_limits_of_any_integers(decode):
    model = TinyModel(1, rows=2)
    expected = decode(model.step, model.states(), tf.constant([2, 3])).tokens
    for limits in (tf.constant([2, 3], tf.int64), [2, 3], np.array([2, 3])):
        found = decode(model.step, model.states(), limits).tokens
        np.testing.assert_array_equal(found, expected)
    for limits in (3, [[2, 3]], [2.0, 3.0]):
        shape = re.escape(str(np.shape(limits)))
        with pytest.raises(ValueError, match=f"`max_steps`.*{shape}"):
            decode(model.step, model.states(), limits)


def test_no_seed():
    with pytest.raises(ValueError, match=r"`seed`.*int32.*\(\)"):
        draw(TinyModel(1, rows=1), 2, seed=1)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("temperature", 0),
        ("temperature", float("inf")),
        ("top_k", 0),
        ("top_p", 0.0),
        ("top_p", 1.5),
        ("top_p", None),
    ],
)
def test_what_is_refused(argument, value):
    with pytest.raises(ValueError, match=f"`{argument}`.* {value}"):
        draw(TinyModel(1, rows=1), 2, **{argument: value})
