"""Greedy search and sampling, with one hypothesis for each row."""

from typing import Any

import numpy as np
import tensorflow as tf

from rnnzoo.checks import check_numbers, check_positive, check_positive_numbers
from rnnzoo.decoding.step import (
    NEVER,
    Hypotheses,
    Step,
    any_rows,
    check_states,
    penalized,
    row_limits,
)


def greedy_search(
    step: Step,
    states: Any,
    max_steps: tf.Tensor,
    *,
    begin: int = 1,
    end: int = 2,
    length_penalty: float = 0.0,
) -> Hypotheses:
    """Takes the likeliest token at every step.

    Args:
        step: Step function of the model.
        states: States before the first token, nested tensors with a row for each
            sequence.
        max_steps: Int32 `(batch,)`, maximum number of tokens of each row; a row that
            reaches it ends without the end token.
        begin: Token before the first.
        end: Token after the last.
        length_penalty: See `penalized`.

    Returns:
        `Hypotheses`, one for each row.

    Raises:
        ValueError: If the penalty is not a finite number, or `max_steps` or `states` do
            not have a value for each row.

    >>> from rnnzoo.decoding import StepOutput
    >>> def counting(token, states):  # after 1 comes 3, then 4, then the end
    ...     return StepOutput(tf.one_hot(tf.gather([0, 3, 0, 4, 2], token), 5), states)
    >>> greedy_search(counting, (), tf.constant([9, 1])).tokens.numpy().tolist()
    [[3, 4, 2], [3, 0, 0]]
    """
    check_numbers(length_penalty=length_penalty)

    def likeliest(log_probabilities, t):
        return tf.argmax(log_probabilities, axis=-1, output_type=tf.int32)

    return _roll_out(step, states, max_steps, likeliest, begin, end, length_penalty)


def sample(
    step: Step,
    states: Any,
    max_steps: tf.Tensor,
    *,
    seed: tf.Tensor,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
    begin: int = 1,
    end: int = 2,
) -> Hypotheses:
    """Draws a random token at every step.

    Args:
        step, states, max_steps, begin, end: See `greedy_search`.
        seed: Int32 `(2,)`; the same seed draws the same tokens.
        temperature: Divisor of the logits; near 0 the likeliest token is drawn.
        top_k: Number of likeliest tokens to draw from, lower ids first among equally
            likely ones; `None` for all (Fan et al. 2018, arXiv 1805.04833).
        top_p: Draw from the fewest likeliest tokens whose total probability reaches
            this (Holtzman et al. 2020, arXiv 1904.09751).

    Returns:
        `Hypotheses`, one for each row, scored by their log-probability in the model.

    Raises:
        ValueError: If the temperature or `top_k` is not positive, `top_p` is not in
            (0, 1], `seed` is not two integers, or `max_steps` or `states` do not have a
            value for each row.
    """
    check_positive_numbers(temperature=temperature)
    if top_k is not None:
        check_positive(top_k=top_k)
    check_numbers(top_p=top_p)
    if not 0 < top_p <= 1:
        raise ValueError(f"`top_p` must be in (0, 1], got {top_p!r}.")
    seed = tf.convert_to_tensor(seed)
    if not (seed.dtype.is_integer and seed.shape.is_compatible_with([2])):
        raise ValueError(
            f"`seed` must be two integers, got {seed.dtype.name} of shape {seed.shape}."
        )

    def drawn(log_probabilities, t):
        # The maximum is 0, so that a low temperature cannot overflow.
        highest = tf.reduce_max(log_probabilities, -1, keepdims=True)
        logits = log_probabilities - highest
        logits /= max(temperature, np.finfo("float32").tiny)
        by_rank = top_k is not None or top_p < 1
        if by_rank:  # Ranks can exclude some of several equally likely tokens.
            size = logits.shape[-1]
            logits, tokens = tf.math.top_k(logits, min(top_k or size, size))
        if top_p < 1:  # Keeps a token if those before it do not reach `top_p`.
            before = tf.cumsum(tf.nn.softmax(logits), axis=-1, exclusive=True)
            logits = tf.where(before < top_p, logits, NEVER)
        key = tf.random.experimental.stateless_fold_in(seed, t)
        token = tf.random.stateless_categorical(logits, 1, key, tf.int32)
        return (tf.gather(tokens, token, batch_dims=1) if by_rank else token)[:, 0]

    return _roll_out(step, states, max_steps, drawn, begin, end, 0.0)


def _roll_out(step, states, max_steps, choose, begin, end, length_penalty):
    """Returns the hypotheses of tokens that `choose(log_probabilities, t)` returns."""
    max_steps = row_limits(max_steps)
    check_states(states, max_steps)
    rows = tf.shape(max_steps)[0]

    def extend(t, tokens, lengths, scores, open_rows, states):
        logits, states, _ = step(tokens[:, -1], states)
        log_probabilities = tf.nn.log_softmax(tf.cast(logits, tf.float32))
        token = choose(log_probabilities, t)
        gains = tf.gather(log_probabilities, token, batch_dims=1)
        scores += tf.where(open_rows, gains, 0.0)
        lengths += tf.cast(open_rows, tf.int32)
        token = tf.where(open_rows, token, 0)
        tokens = tf.concat([tokens, token[:, None]], axis=1)
        open_rows &= (token != end) & (t + 1 < max_steps)
        return t + 1, tokens, lengths, scores, open_rows, states

    start = (
        tf.constant(0),
        tf.fill([rows, 1], begin),
        tf.zeros([rows], tf.int32),
        tf.zeros([rows]),
        max_steps > 0,
        states,
    )
    shapes = any_rows(start)
    _, tokens, lengths, scores, _, _ = tf.while_loop(
        lambda t, tokens, lengths, scores, open_rows, *_: tf.reduce_any(open_rows),
        extend,
        start,
        shape_invariants=(shapes[0], tf.TensorShape([None, None]), *shapes[2:]),
    )
    return Hypotheses(tokens[:, 1:], penalized(scores, lengths, length_penalty))
