"""Beam search."""

from typing import Any, NamedTuple

import tensorflow as tf

from rnnzoo.checks import check_not_negative, check_numbers, check_positive
from rnnzoo.decoding.step import (
    NEVER,
    Hypotheses,
    Step,
    any_rows,
    check_states,
    coverage,
    penalized,
    row_limits,
)


def beam_search(
    step: Step,
    states: Any,
    max_steps: tf.Tensor,
    *,
    beam_size: int,
    n_best: int = 1,
    begin: int = 1,
    end: int = 2,
    length_penalty: float = 0.0,
    coverage_penalty: float = 0.0,
    source_mask: tf.Tensor | None = None,
    early_stop: bool = True,
) -> Hypotheses:
    """Keeps the `beam_size` best prefixes of each row at every step.

    A hypothesis ends with the end token, if it is then among the `beam_size` best, or
    at its maximum number of tokens. A prefix is kept only once, so hypotheses are
    distinct. With a beam of one and an early stop this is greedy search.

    Args:
        step: Step function, called with `batch * beam_size` rows, those of a sequence
            next to each other. Its other inputs, such as a source, must have as many:
            `tf.repeat(source, beam_size, axis=0)`.
        states, max_steps, begin, end, length_penalty: See `greedy_search`.
        beam_size: Number of prefixes that are kept.
        n_best: Number of hypotheses that are returned, at most `beam_size`.
        coverage_penalty: Weight of `coverage` in the score, at least 0. Needs the
            step's `attention` and `source_mask`.
        source_mask: Bool `(batch, source)`, false at padding.
        early_stop: Whether a row ends once `beam_size` hypotheses have ended and no
            open one has a better score than the worst of them; otherwise once no open
            one can reach a better score.

    Returns:
        `Hypotheses`, `n_best` for each row, best first. If there are fewer, the last
        have no tokens and the score `-inf`. A row with a maximum of 0 tokens has one
        hypothesis, without tokens, of score 0.

    Raises:
        ValueError: If a size is not positive, `n_best` is greater than `beam_size`, a
            penalty is out of range or lacks its inputs, or `max_steps` or `states` do
            not have a value for each row.

    >>> from rnnzoo.decoding import StepOutput
    >>> def even(token, states):  # 3 and 4 are as likely as 2, the end
    ...     logits = tf.constant([[NEVER, NEVER, 0.0, 0.0, 0.0]])
    ...     return StepOutput(tf.repeat(logits, tf.shape(token)[0], axis=0), states)
    >>> hypotheses = beam_search(even, (), tf.constant([2]), beam_size=3, n_best=2)
    >>> hypotheses.tokens.numpy().tolist()
    [[[2, 0], [3, 2]]]
    """
    _check(beam_size, n_best, length_penalty, coverage_penalty, source_mask)
    max_steps = row_limits(max_steps)
    check_states(states, max_steps)

    def extend(beam: _Beam) -> list[_Beam]:
        candidates, states = _extended(beam, step, reads=coverage_penalty > 0)
        length = beam.length + 1
        is_last = length >= max_steps
        ends = (candidates.tokens[:, :, -1] == end) | is_last[:, None]
        # There are twice as many candidates, so that enough stay open after the best
        # half may have ended.
        may_end = ends & (tf.range(2 * beam_size) < beam_size) & beam.is_open[:, None]
        scores = penalized(candidates.totals, length, length_penalty)
        if coverage_penalty:
            covered = coverage(candidates.covered, source_mask[:, None])
            scores += coverage_penalty * covered
        scores = tf.where(may_end, scores, NEVER)
        ended, ended_scores = _best_ended(beam, candidates.tokens, scores)
        prefixes, states = _best_open(candidates, ends, states, beam_size)
        best = prefixes.totals[:, 0]
        if early_stop:
            bound = penalized(best, length, length_penalty)
        else:
            bound = penalized(best, max_steps, max(length_penalty, 0.0))
        is_open = beam.is_open & (bound > ended_scores[:, -1]) & ~is_last
        return [_Beam(length, prefixes, states, ended, ended_scores, is_open)]

    start = _start(states, max_steps, beam_size, begin, source_mask, coverage_penalty)
    (beam,) = tf.while_loop(
        lambda beam: tf.reduce_any(beam.is_open), extend, [start], [_shapes(start)]
    )
    ended = tf.where(beam.ended_scores[:, :, None] > NEVER, beam.ended, 0)
    return Hypotheses(ended[:, :n_best, 1:], beam.ended_scores[:, :n_best])


class _Prefixes(NamedTuple):
    """Prefixes of each row's hypotheses, best first."""

    tokens: tf.Tensor  # (rows, n, length + 1), the begin token first
    totals: tf.Tensor  # (rows, n), log-probabilities
    covered: tf.Tensor  # (rows, n, source), sums of attention weights, if needed
    parents: tf.Tensor  # (rows, n), indices of the prefixes they extend


class _Beam(NamedTuple):
    """State of the search after `length` tokens."""

    length: tf.Tensor
    open: _Prefixes
    states: Any
    ended: tf.Tensor
    ended_scores: tf.Tensor
    is_open: tf.Tensor  # (rows,), whether a row is searched further


def _check(beam_size, n_best, length_penalty, coverage_penalty, source_mask):
    check_positive(beam_size=beam_size, n_best=n_best)
    check_numbers(length_penalty=length_penalty)
    check_not_negative(coverage_penalty=coverage_penalty)
    if n_best > beam_size:
        raise ValueError(
            "`n_best` must be at most `beam_size`, got "
            f"n_best={n_best!r} and beam_size={beam_size!r}."
        )
    if coverage_penalty and source_mask is None:
        raise ValueError(
            f"`coverage_penalty={coverage_penalty!r}` needs `source_mask`, bool "
            "(batch, source), got None."
        )


def _start(states, max_steps, beam_size, begin, source_mask, coverage_penalty):
    """Returns the begin token `beam_size` times, all but the first with -inf."""
    rows = tf.shape(max_steps)[0]
    source = tf.shape(source_mask)[1] if coverage_penalty else 0
    never = tf.fill([rows, beam_size], NEVER)
    totals = tf.concat([tf.zeros([rows, 1]), never[:, 1:]], axis=1)
    is_open = max_steps > 0
    prefixes = _Prefixes(
        tokens=tf.fill([rows, beam_size, 1], begin),
        totals=totals,
        covered=tf.zeros([rows, beam_size, source]),
        parents=tf.zeros([rows, beam_size], tf.int32),
    )
    return _Beam(
        length=tf.constant(0),
        open=prefixes,
        states=_rows(states, tf.repeat(tf.range(rows), beam_size)),
        ended=tf.zeros([rows, beam_size, 1], tf.int32),
        # A row with a maximum of 0 tokens has ended without any.
        ended_scores=tf.where(is_open[:, None], never, totals),
        is_open=is_open,
    )


def _shapes(beam):
    """Returns shape invariants of the loop: the last dimension may grow."""
    shapes = any_rows(beam)
    grows = tf.TensorShape([None, beam.ended.shape[1], None])
    prefixes = shapes.open._replace(tokens=grows, covered=grows)
    return shapes._replace(open=prefixes, ended=grows)


def _extended(beam, step, reads):
    """Returns the best `2 * beam_size` prefixes, one token longer, and all states."""
    tokens, totals, covered, _ = beam.open
    rows, beam_size = tf.shape(totals)[0], totals.shape[1]
    logits, states, attention = step(tf.reshape(tokens[:, :, -1], [-1]), beam.states)
    size = logits.shape[-1]
    gains = tf.nn.log_softmax(tf.cast(logits, tf.float32))
    extended = totals[:, :, None] + tf.reshape(gains, [rows, beam_size, size])
    extended = tf.reshape(extended, [rows, beam_size * size])
    totals, indices = tf.math.top_k(extended, 2 * beam_size)
    parents, token = indices // size, indices % size
    if reads and attention is None:
        raise ValueError(
            "`coverage_penalty` needs attention weights: `step` must return "
            "`StepOutput(..., attention=weights)`, float (rows, source); got None."
        )
    if reads:
        attention = tf.reshape(attention, [rows, beam_size, -1])
        covered = covered + tf.cast(attention, tf.float32)
    tokens = tf.gather(tokens, parents, batch_dims=1)
    tokens = tf.concat([tokens, token[:, :, None]], axis=2)
    covered = tf.gather(covered, parents, batch_dims=1)
    return _Prefixes(tokens, totals, covered, parents), states


def _best_ended(beam, tokens, scores):
    """Returns the best hypotheses that ended before or now, and their scores."""
    ended = tf.pad(beam.ended, [[0, 0], [0, 0], [0, 1]])
    ended = tf.concat([ended, tokens], axis=1)
    scores = tf.concat([beam.ended_scores, scores], axis=1)
    scores, kept = tf.math.top_k(scores, beam.ended.shape[1])
    return tf.gather(ended, kept, batch_dims=1), scores


def _best_open(candidates, ends, states, beam_size):
    """Returns the best prefixes that have not ended, and their states."""
    totals = tf.where(ends, NEVER, candidates.totals)
    _, kept = tf.math.top_k(totals, beam_size)
    candidates = candidates._replace(totals=totals)
    best = _Prefixes(*(tf.gather(part, kept, batch_dims=1) for part in candidates))
    firsts = tf.range(tf.shape(kept)[0])[:, None] * beam_size
    return best, _rows(states, tf.reshape(firsts + best.parents, [-1]))


def _rows(states, indices):
    return tf.nest.map_structure(lambda tensor: tf.gather(tensor, indices), states)
