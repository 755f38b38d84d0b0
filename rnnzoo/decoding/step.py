"""What decoding takes and gives."""

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf


class StepOutput(NamedTuple):
    """What a model says after one more token in each of n rows.

    Attributes:
        logits: float `(n, vocabulary)`: unnormalised log probabilities of the next
            token; `-inf` for what must never come.
        states: the states after the token, nested tensors with n rows each.
        attention: float `(n, source)`: how much of each step of the source was read,
            or `None`; only a coverage penalty asks for it.
    """

    logits: tf.Tensor
    states: Any
    attention: tf.Tensor | None = None


# Takes the last token of each row, int32 (n,), and the states before it.
Step = Callable[[tf.Tensor, Any], StepOutput]


class Hypotheses(NamedTuple):
    """What was decoded; the best first where there are several a row.

    Attributes:
        tokens: int32 `(batch, time)`, or `(batch, n_best, time)`: without the begin
            token, with the end token where it came, 0 behind it.
        scores: float32 `(batch,)`, or `(batch, n_best)`.
    """

    tokens: tf.Tensor
    scores: tf.Tensor


NEVER = float("-inf")


def row_limits(max_steps: tf.Tensor) -> tf.Tensor:
    """How many tokens each row may have, checked, as int32 `(batch,)`.

    Raises:
        ValueError: if it is no integer for each row.

    >>> row_limits([5, 7]).numpy().tolist()
    [5, 7]
    """
    max_steps = tf.convert_to_tensor(max_steps)
    if not (max_steps.dtype.is_integer and max_steps.shape.rank in (1, None)):
        raise ValueError(
            "`max_steps` must be integers, one for each row of the batch; got "
            f"{max_steps.dtype.name} of shape {max_steps.shape}."
        )
    return tf.cast(max_steps, tf.int32)


def check_states(states: Any, max_steps: tf.Tensor) -> None:
    """Raises a ValueError for states of other rows than there are sequences.

    >>> check_states([tf.zeros([2, 8])], tf.constant([5]))
    Traceback (most recent call last):
    ValueError: `states` must have a row for each of `max_steps`, 1; got (2, 8).
    """
    rows = max_steps.shape[:1]
    for state in tf.nest.flatten(states):
        if not state.shape[:1].is_compatible_with(rows):
            raise ValueError(
                "`states` must have a row for each of `max_steps`, "
                f"{rows[0]}; got {state.shape}."
            )


def any_rows(tensors: Any) -> Any:
    """The shapes of nested tensors in a loop: of rows there may be any number.

    How many there are may be known of what a loop begins with, and not of what the
    model says.

    >>> any_rows((tf.zeros([2, 3]), tf.constant(0)))
    (TensorShape([None, 3]), TensorShape([]))
    """

    def shape(tensor):
        known = tensor.shape
        return tf.TensorShape([None, *known[1:]]) if known.rank else known

    return tf.nest.map_structure(shape, tensors)


def penalized(scores: tf.Tensor, length: tf.Tensor, length_penalty: float) -> tf.Tensor:
    """Log probabilities by the length of what they belong to.

    Args:
        scores: sums of log probabilities.
        length: number of tokens, the end token included.
        length_penalty: 0 leaves the sum, which favours what is short; 1 is nearly the
            mean (Wu et al. 2016, arXiv 1609.08144, equation 14).

    >>> float(penalized(tf.constant(-6.0), tf.constant(7), 1.0))
    -3.0
    """
    return scores / ((5 + tf.cast(length, scores.dtype)) / 6) ** length_penalty


def coverage(covered: tf.Tensor, source_mask: tf.Tensor) -> tf.Tensor:
    """How completely a source was read: 0 if each of its steps was, otherwise less.

    The sum, over the steps of the source, of the logarithm of the attention that they
    got, up to one (Wu et al. 2016, arXiv 1609.08144, equation 14).

    Args:
        covered: float `(..., source)`: the attention summed up over what was written.
        source_mask: bool of that shape: the steps that are no padding.

    >>> covered = tf.constant([1.5, 0.5, 0.0])
    >>> round(float(coverage(covered, tf.constant([True, True, False]))), 3)  # log 0.5
    -0.693
    """
    read = tf.math.log(tf.clip_by_value(covered, 1e-9, 1.0))
    return tf.reduce_sum(tf.where(source_mask, read, 0.0), axis=-1)
