"""One hypothesis a row: the likeliest token at every step, or a drawn one."""

from collections.abc import Callable
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
        step: what the model says next.
        states: its states before the first token, nested tensors with a row for each
            sequence.
        max_steps: int32 `(batch,)`: how many tokens each row may have; a row that has
            so many ends without the end token.
        begin: the token before the first.
        end: the token after the last.
        length_penalty: see `penalized`.

    Returns:
        `Hypotheses`, one a row.

    Raises:
        ValueError: if the penalty is no number, or `max_steps` or `states` are not of
            each row.

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
    """Draws a token at every step.

    Args:
        step: see `greedy_search`.
        states: see there.
        max_steps: see there.
        seed: int32 `(2,)`; the same seed draws the same.
        temperature: what logits are divided by; near 0 the likeliest token is drawn.
        top_k: how many tokens, the likeliest, are drawn from, of equally likely ones
            those with the lower ids; `None`: all (Fan et al. 2018, arXiv 1805.04833).
        top_p: draws from the fewest likeliest tokens whose probabilities sum up to so
            much (Holtzman et al. 2020, arXiv 1904.09751).
        begin: the token before the first.
        end: the token after the last.

    Returns:
        `Hypotheses`, one a row; scores are sums of log probabilities, by the model.

    Raises:
        ValueError: if the temperature or `top_k` is not positive, `top_p` is not in
            (0, 1], `max_steps` or `states` are not of each row, or `seed` is not two
            integers.
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
        # The highest is 0, however low the temperature.
        kept = log_probabilities - tf.reduce_max(log_probabilities, -1, keepdims=True)
        kept /= max(temperature, np.finfo("float32").tiny)
        by_rank = top_k is not None or top_p < 1
        if by_rank:  # so that of tokens that are as likely some can be left out
            size = kept.shape[-1]
            kept, tokens = tf.math.top_k(kept, min(top_k or size, size))
        if top_p < 1:
            # A token may come if those before it are too few.
            before = tf.cumsum(tf.nn.softmax(kept), axis=-1, exclusive=True)
            kept = tf.where(before < top_p, kept, NEVER)
        key = tf.random.experimental.stateless_fold_in(seed, t)
        found = tf.random.stateless_categorical(kept, 1, key, tf.int32)
        return (tf.gather(tokens, found, batch_dims=1) if by_rank else found)[:, 0]

    return _roll_out(step, states, max_steps, drawn, begin, end, 0.0)


def _roll_out(
    step: Step,
    states: Any,
    max_steps: tf.Tensor,
    choose: Callable[[tf.Tensor, tf.Tensor], tf.Tensor],
    begin: int,
    end: int,
    length_penalty: float,
) -> Hypotheses:
    max_steps = row_limits(max_steps)
    check_states(states, max_steps)
    rows = tf.shape(max_steps)[0]

    def one_more(t, tokens, lengths, scores, open_rows, states):
        logits, states, _ = step(tokens[:, -1], states)
        log_probabilities = tf.nn.log_softmax(tf.cast(logits, tf.float32))
        token = choose(log_probabilities, t)
        gained = tf.gather(log_probabilities, token, batch_dims=1)
        scores += tf.where(open_rows, gained, 0.0)
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
        one_more,
        start,
        shape_invariants=(shapes[0], tf.TensorShape([None, None]), *shapes[2:]),
    )
    return Hypotheses(tokens[:, 1:], penalized(scores, lengths, length_penalty))
