"""Several hypotheses a row, extended side by side."""

from typing import Any

import tensorflow as tf

from rnnzoo.decoding.step import NEVER, Hypotheses, Step, penalized


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
        step: what the model says next; called with `batch * beam_size` rows.
        states: its states before the first token, nested tensors with a row for each
            sequence.
        max_steps: int32 `(batch,)`: how many tokens each row may have.
        beam_size: how many beginnings are kept.
        n_best: how many hypotheses are returned, at most `beam_size`.
        begin: the token before the first.
        end: the token after the last.
        length_penalty: see `penalized`.
        coverage_penalty: what a source that was not read costs: so many times the sum,
            over its steps, of the logarithm of the attention they got, up to one (Wu et
            al. 2016, equation 14). Needs `attention` of the step, and `source_mask`.
        source_mask: bool `(batch, source)`: the steps of the source that are no
            padding.
        early_stop: whether a row is done when `beam_size` hypotheses have ended;
            otherwise when none that is open could become better than those.

    Returns:
        `Hypotheses`, `n_best` a row, the best first; where there are fewer than that,
        the last have no token and the score `-inf`.

    Raises:
        ValueError: if `n_best` is not between 1 and `beam_size`, or the penalty comes
            without the mask.
    """
    if not 1 <= n_best <= beam_size:
        raise ValueError(
            "`n_best` must be at least 1 and at most `beam_size`, got "
            f"n_best={n_best!r} and beam_size={beam_size!r}."
        )
    if coverage_penalty and source_mask is None:
        raise ValueError("`coverage_penalty` needs the `source_mask`.")
    rows = tf.shape(max_steps)[0]
    # Where each row's first beginning stands among all rows'.
    firsts = tf.range(rows)[:, None] * beam_size

    def score(totals, covered, length):
        scores = penalized(totals, length, length_penalty)
        if coverage_penalty:
            read = tf.math.log(tf.clip_by_value(covered, 1e-9, 1.0))
            read = tf.where(source_mask[:, None], read, 0.0)
            scores += coverage_penalty * tf.reduce_sum(read, axis=-1)
        return scores

    def one_more(t, tokens, totals, covered, ended, ended_scores, open_rows, states):
        logits, states, attention = step(tf.reshape(tokens[:, :, -1], [-1]), states)
        size = logits.shape[-1]
        gained = tf.nn.log_softmax(tf.cast(logits, tf.float32))
        extended = totals[:, :, None] + tf.reshape(gained, [rows, beam_size, size])
        extended = tf.reshape(extended, [rows, beam_size * size])
        # Each beginning has one way to end: among twice as many, enough go on.
        totals, found = tf.math.top_k(extended, 2 * beam_size)
        parents, token = found // size, found % size
        if coverage_penalty:
            read = tf.reshape(attention, [rows, beam_size, -1])
            covered = covered + tf.cast(read, tf.float32)
        tokens = tf.gather(tokens, parents, batch_dims=1)
        tokens = tf.concat([tokens, token[:, :, None]], axis=2)
        candidates_covered = tf.gather(covered, parents, batch_dims=1)

        # === Those that end ===
        is_last = (t + 1 >= max_steps)[:, None]
        ends = (token == end) | is_last
        among_best = tf.range(2 * beam_size) < beam_size
        is_new = ends & among_best & open_rows[:, None]
        scores = score(totals, candidates_covered, t + 1)
        scores = tf.where(is_new, scores, NEVER)
        all_scores = tf.concat([ended_scores, scores], axis=1)
        ended = tf.pad(ended, [[0, 0], [0, 0], [0, 1]])
        all_ended = tf.concat([ended, tokens], axis=1)
        ended_scores, kept = tf.math.top_k(all_scores, beam_size)
        ended = tf.gather(all_ended, kept, batch_dims=1)

        # === Those that go on ===
        totals, kept = tf.math.top_k(tf.where(ends, NEVER, totals), beam_size)
        tokens = tf.gather(tokens, kept, batch_dims=1)
        covered = tf.gather(candidates_covered, kept, batch_dims=1)
        origins = firsts + tf.gather(parents, kept, batch_dims=1)
        states = _rows(states, tf.reshape(origins, [-1]))
        least = ended_scores[:, -1]
        if early_stop:
            is_done = least > NEVER
        else:
            hope = penalized(totals[:, 0], max_steps, max(length_penalty, 0.0))
            is_done = hope <= least
        open_rows &= ~(is_done | is_last[:, 0])
        return t + 1, tokens, totals, covered, ended, ended_scores, open_rows, states

    none_yet = tf.fill([rows, beam_size], NEVER)
    source = tf.shape(source_mask)[1] if coverage_penalty else 0
    start = (
        tf.constant(0),
        tf.fill([rows, beam_size, 1], begin),
        # All beginnings are one at first.
        tf.concat([tf.zeros([rows, 1]), none_yet[:, 1:]], axis=1),
        tf.zeros([rows, beam_size, source]),
        tf.zeros([rows, beam_size, 1], tf.int32),
        none_yet,
        max_steps > 0,
        _rows(states, tf.repeat(tf.range(rows), beam_size)),
    )
    grows = tf.TensorShape([None, beam_size, None])
    shapes = list(tf.nest.map_structure(lambda tensor: tensor.shape, start))
    shapes[1] = shapes[3] = shapes[4] = grows
    _, _, _, _, ended, scores, _, _ = tf.while_loop(
        lambda *loop: tf.reduce_any(loop[6]), one_more, start, tuple(shapes)
    )
    ended = tf.where(scores[:, :, None] > NEVER, ended, 0)
    return Hypotheses(ended[:, :n_best, 1:], scores[:, :n_best])


def _rows(states, places):
    return tf.nest.map_structure(lambda tensor: tf.gather(tensor, places), states)
