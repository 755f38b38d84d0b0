"""Several hypotheses a row, extended side by side."""

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
    """Keeps the `beam_size` best beginnings of each row at every step.

    A hypothesis ends with the end token, if it is then among the `beam_size` best, or
    when it has as many tokens as it may. Every beginning is kept once, so that no
    hypothesis comes twice. With a beam of one, and an early stop, this is greedy
    search.

    Args:
        step: what the model says next; called with `batch * beam_size` rows, those of
            a sequence next to each other. What it reads besides its states, such as a
            source, must have as many: `tf.repeat(source, beam_size, axis=0)`.
        states: its states before the first token, nested tensors with a row for each
            sequence.
        max_steps: int32 `(batch,)`: how many tokens each row may have.
        beam_size: how many beginnings are kept.
        n_best: how many hypotheses are returned, at most `beam_size`.
        begin: the token before the first.
        end: the token after the last.
        length_penalty: see `penalized`.
        coverage_penalty: at least 0: what a source that was not read costs, so many
            times `coverage`. Needs `attention` of the step, and `source_mask`.
        source_mask: bool `(batch, source)`: the steps of the source that are no
            padding.
        early_stop: whether a row is done when `beam_size` hypotheses have ended and
            none that is open is better, as it stands, than the worst of those;
            otherwise when none could become better.

    Returns:
        `Hypotheses`, `n_best` a row, the best first; where there are fewer than that,
        the last have no token and the score `-inf`. A row that may have no token has
        one hypothesis, without any, of score 0.

    Raises:
        ValueError: if a size is not positive, `n_best` is greater than `beam_size`, a
            penalty is no number or has nothing to go by, or `max_steps` or `states`
            are not of each row.

    >>> from rnnzoo.decoding import StepOutput
    >>> def even(token, states):  # 3 and 4 are as likely as 2, the end
    ...     logits = tf.constant([[NEVER, NEVER, 0.0, 0.0, 0.0]])
    ...     return StepOutput(tf.repeat(logits, tf.shape(token)[0], axis=0), states)
    >>> found = beam_search(even, (), tf.constant([2]), beam_size=3, n_best=2)
    >>> found.tokens.numpy().tolist()
    [[[2, 0], [3, 2]]]
    """
    _check(beam_size, n_best, length_penalty, coverage_penalty, source_mask)
    max_steps = row_limits(max_steps)
    check_states(states, max_steps)

    def score(found: _Beginnings, length):
        scores = penalized(found.totals, length, length_penalty)
        if coverage_penalty:
            covered = coverage(found.covered, source_mask[:, None])
            scores += coverage_penalty * covered
        return scores

    def one_more(beam: _Beam) -> list[_Beam]:
        found, states = _extended(beam, step, reads=coverage_penalty > 0)
        length = beam.length + 1
        is_last = length >= max_steps
        ends = (found.tokens[:, :, -1] == end) | is_last[:, None]
        # Twice as many are looked at, so that enough go on; the best half may end.
        may_end = ends & (tf.range(2 * beam_size) < beam_size) & beam.is_open[:, None]
        scores = tf.where(may_end, score(found, length), NEVER)
        ended, ended_scores = _best_ended(beam, found.tokens, scores)
        going_on, states = _best_open(found, ends, states, beam_size)
        best = going_on.totals[:, 0]
        if early_stop:
            hope = penalized(best, length, length_penalty)
        else:
            hope = penalized(best, max_steps, max(length_penalty, 0.0))
        is_open = beam.is_open & (hope > ended_scores[:, -1]) & ~is_last
        return [_Beam(length, going_on, states, ended, ended_scores, is_open)]

    start = _start(states, max_steps, beam_size, begin, source_mask, coverage_penalty)
    (beam,) = tf.while_loop(
        lambda beam: tf.reduce_any(beam.is_open), one_more, [start], [_shapes(start)]
    )
    ended = tf.where(beam.ended_scores[:, :, None] > NEVER, beam.ended, 0)
    return Hypotheses(ended[:, :n_best, 1:], beam.ended_scores[:, :n_best])


class _Beginnings(NamedTuple):
    """Beginnings of each row's hypotheses, the best first.

    `tokens (rows, n, length + 1)`, the begin token first; `totals (rows, n)`, their
    log probabilities; `covered (rows, n, source)`, the attention that each step of the
    source got, if that is asked for; `parents (rows, n)`, which they were before.
    """

    tokens: tf.Tensor
    totals: tf.Tensor
    covered: tf.Tensor
    parents: tf.Tensor


class _Beam(NamedTuple):
    """What stands after `length` tokens: what goes on, and what has ended.

    `is_open (rows,)` tells which rows are searched further.
    """

    length: tf.Tensor
    open: _Beginnings
    states: Any
    ended: tf.Tensor
    ended_scores: tf.Tensor
    is_open: tf.Tensor


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
            "(batch, source), to know what there is to be read; got None."
        )


def _start(states, max_steps, beam_size, begin, source_mask, coverage_penalty):
    """The begin token `beam_size` times; all but the first are out of the question."""
    rows = tf.shape(max_steps)[0]
    none_yet = tf.fill([rows, beam_size], NEVER)
    totals = tf.concat([tf.zeros([rows, 1]), none_yet[:, 1:]], axis=1)
    may_go_on = max_steps > 0
    beginnings = _Beginnings(
        tokens=tf.fill([rows, beam_size, 1], begin),
        totals=totals,
        covered=tf.zeros(
            [rows, beam_size, tf.shape(source_mask)[1] if coverage_penalty else 0]
        ),
        parents=tf.zeros([rows, beam_size], tf.int32),
    )
    return _Beam(
        length=tf.constant(0),
        open=beginnings,
        states=_rows(states, tf.repeat(tf.range(rows), beam_size)),
        ended=tf.zeros([rows, beam_size, 1], tf.int32),
        # A row that may have no token has ended, without any.
        ended_scores=tf.where(may_go_on[:, None], none_yet, totals),
        is_open=may_go_on,
    )


def _shapes(beam):
    """Of the loop; what is longer after each step is so in its last dimension."""
    shapes = any_rows(beam)
    grows = tf.TensorShape([None, beam.ended.shape[1], None])
    beginnings = shapes.open._replace(tokens=grows, covered=grows)
    return shapes._replace(open=beginnings, ended=grows)


def _extended(beam, step, reads):
    """The best twice as many beginnings, a token longer, and the states after them."""
    tokens, totals, covered, _ = beam.open
    rows, beam_size = tf.shape(totals)[0], totals.shape[1]
    logits, states, attention = step(tf.reshape(tokens[:, :, -1], [-1]), beam.states)
    size = logits.shape[-1]
    gained = tf.nn.log_softmax(tf.cast(logits, tf.float32))
    extended = totals[:, :, None] + tf.reshape(gained, [rows, beam_size, size])
    extended = tf.reshape(extended, [rows, beam_size * size])
    totals, found = tf.math.top_k(extended, 2 * beam_size)
    parents, token = found // size, found % size
    if reads and attention is None:
        raise ValueError(
            "`coverage_penalty` needs to know what was read: `step` must return "
            "`StepOutput(..., attention=weights)`, float (rows, source); got None."
        )
    if reads:
        read = tf.cast(tf.reshape(attention, [rows, beam_size, -1]), tf.float32)
        covered = covered + read
    tokens = tf.gather(tokens, parents, batch_dims=1)
    tokens = tf.concat([tokens, token[:, :, None]], axis=2)
    covered = tf.gather(covered, parents, batch_dims=1)
    return _Beginnings(tokens, totals, covered, parents), states


def _best_ended(beam, tokens, scores):
    """Those that ended before, and those that end now, as many as the beam is wide."""
    ended = tf.pad(beam.ended, [[0, 0], [0, 0], [0, 1]])
    ended = tf.concat([ended, tokens], axis=1)
    scores = tf.concat([beam.ended_scores, scores], axis=1)
    scores, kept = tf.math.top_k(scores, beam.ended.shape[1])
    return tf.gather(ended, kept, batch_dims=1), scores


def _best_open(found, ends, states, beam_size):
    """Those that go on, as many as the beam is wide, and their states."""
    totals = tf.where(ends, NEVER, found.totals)
    _, kept = tf.math.top_k(totals, beam_size)
    best = tf.nest.map_structure(
        lambda part: tf.gather(part, kept, batch_dims=1), found._replace(totals=totals)
    )
    firsts = tf.range(tf.shape(kept)[0])[:, None] * beam_size
    return best, _rows(states, tf.reshape(firsts + best.parents, [-1]))


def _rows(states, places):
    return tf.nest.map_structure(lambda tensor: tf.gather(tensor, places), states)
