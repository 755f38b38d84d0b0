"""Types and scores that all decoding strategies share."""

from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf


class StepOutput(NamedTuple):
    """Output of a model for one more token in each of n rows.

    Attributes:
        logits: Float `(n, vocabulary)`, unnormalized log-probabilities of the next
            token; `-inf` for tokens that must never be generated.
        states: States after the token, nested tensors with n rows each.
        attention: Attention weights, float `(n, source)`, or `None`; needed by a
            coverage penalty only.
    """

    logits: tf.Tensor
    states: Any
    attention: tf.Tensor | None = None


# Takes the last token of each row, int32 (n,), and the states before it.
Step = Callable[[tf.Tensor, Any], StepOutput]


class Hypotheses(NamedTuple):
    """Decoded sequences, best first if there are several for a row.

    Attributes:
        tokens: Int32 `(batch, time)` or `(batch, n_best, time)`, without the begin
            token, with the end token if it was generated, padded with 0.
        scores: Float32 `(batch,)` or `(batch, n_best)`.
    """

    tokens: tf.Tensor
    scores: tf.Tensor


NEVER = float("-inf")


def row_limits(max_steps: tf.Tensor) -> tf.Tensor:
    """Returns the maximum number of tokens of each row as int32 `(batch,)`.

    Raises:
        ValueError: If it is not an integer for each row.

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
    """Raises a ValueError if the states do not have a row for each sequence.

    >>> check_states([tf.zeros([2, 8])], tf.constant([5]))
    Traceback (most recent call last):
    ValueError: `states` must have a row for each of `max_steps`, 1; got (2, 8).
    """
    rows = max_steps.shape[:1]
    for state in tf.nest.flatten(states):
        if not state.shape[:1].is_compatible_with(rows):
            raise ValueError(
                f"`states` must have a row for each of `max_steps`, {rows[0]}; got "
                f"{state.shape}."
            )


def any_rows(tensors: Any) -> Any:
    """Returns the shapes of nested tensors in a loop, with any number of rows.

    The number may be static in the initial values but not in the model's output.

    >>> any_rows((tf.zeros([2, 3]), tf.constant(0)))
    (TensorShape([None, 3]), TensorShape([]))
    """

    def shape(tensor):
        rank = tensor.shape.rank
        return tf.TensorShape([None, *tensor.shape[1:]]) if rank else tensor.shape

    return tf.nest.map_structure(shape, tensors)


def penalized(scores: tf.Tensor, length: tf.Tensor, length_penalty: float) -> tf.Tensor:
    """Returns sums of log-probabilities divided by a power of the length.

    Args:
        scores: Sums of log-probabilities.
        length: Number of tokens, including the end token.
        length_penalty: Exponent. 0 keeps the sum, which favours short sequences; 1 is
            nearly the mean (Wu et al. 2016, arXiv 1609.08144, equation 14).

    >>> float(penalized(tf.constant(-6.0), tf.constant(7), 1.0))
    -3.0
    """
    return scores / ((5 + tf.cast(length, scores.dtype)) / 6) ** length_penalty


def coverage(covered: tf.Tensor, source_mask: tf.Tensor) -> tf.Tensor:
    """Returns the coverage of a source: 0 if every step was attended to, else less.

    It is the sum over the source of log(min(attention, 1)) (Wu et al. 2016, arXiv
    1609.08144, equation 14).

    Args:
        covered: Float `(..., source)`, sum of the attention weights of all tokens.
        source_mask: Bool of that shape, false at padding.

    >>> covered = tf.constant([1.5, 0.5, 0.0])
    >>> round(float(coverage(covered, tf.constant([True, True, False]))), 3)  # log 0.5
    -0.693
    """
    read = tf.math.log(tf.clip_by_value(covered, 1e-9, 1.0))
    return tf.reduce_sum(tf.where(source_mask, read, 0.0), axis=-1)
