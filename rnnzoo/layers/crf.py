"""Linear-chain conditional random field: the last layer of a tagger."""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from rnnzoo.checks import check_positive
from rnnzoo.layers.tag_schemes import allowed_transitions

# Score of a forbidden transition; finite, so that no difference of two is NaN.
_FORBIDDEN = -1e9


@keras.saving.register_keras_serializable("rnnzoo")
class CRF(keras.layers.Layer):
    """Scores of whole tag sequences (Lafferty et al. 2001; Lample et al. 2016, eq. 1).

    A sequence y_1, ..., y_n of tags has the score

        S(y) = start[y_1] + sum_t x_t[y_t] + sum_t A[y_t, y_{t+1}] + end[y_n]

    and the probability exp S(y) / sum_z exp S(z). The layer holds A, `start` and
    `end`. It returns its input, the scores x, as `CRFLoss`, `decode` and `marginals`
    take them. Masked steps are ignored.

    Args:
        units: Number of tags.
        tags: Names of the tags in the scheme IOB2 or IOBES ("B-LOC", "I-LOC", "O"), or
            `None`. With names, `decode` and `marginals` consider only the sequences
            that the scheme allows. Training does not: data may violate the scheme.
        **kwargs: `name`, `dtype`, `trainable` of `keras.layers.Layer`.

    Input and output: tensor `(batch, time, units)`.

    Raises:
        ValueError: If `units` is not positive, `tags` are not `units` names of one
            scheme, or the last dimension of the input is not `units`.

    >>> from rnnzoo.layers import CRFLoss
    >>> x = keras.Input((None, 8))
    >>> crf = CRF(3)
    >>> model = keras.Model(x, crf(keras.layers.Dense(3)(x)))
    >>> model.compile("adam", loss=CRFLoss(crf))
    >>> history = model.fit(tf.ones((2, 5, 8)), tf.ones((2, 5), tf.int32), verbose=0)
    >>> tags, score = crf.decode(model(tf.ones((2, 5, 8))))
    >>> tags.shape, score.shape
    (TensorShape([2, 5]), TensorShape([2]))
    """

    def __init__(self, units: int, tags: Sequence[str] | None = None, **kwargs):
        check_positive(units=units)
        if tags is not None and len(tags) != units:
            raise ValueError(
                f"`tags` must be {units} names, one for each of `units`, got "
                f"{len(tags)}: {list(tags)}. Set `units=len(tags)`."
            )
        super().__init__(**kwargs)
        self.units = units
        self.tags = None if tags is None else list(tags)
        self._allowed = None if tags is None else allowed_transitions(self.tags)
        self.supports_masking = True

    def build(self, input_shape):
        if len(input_shape) != 3 or input_shape[-1] != self.units:
            raise ValueError(
                f"`scores` must have the shape (batch, time, {self.units}), got "
                f"{tuple(input_shape)}. Put a `keras.layers.Dense({self.units})` "
                "before the CRF."
            )
        units = self.units
        self.transitions = self.add_weight((units, units), name="transitions")
        self.start = self.add_weight((units,), "zeros", name="start")
        self.end = self.add_weight((units,), "zeros", name="end")

    def call(self, scores):
        return tf.identity(scores)

    def compute_output_shape(self, input_shape):
        return input_shape

    def log_likelihood(
        self, tags: tf.Tensor, scores: tf.Tensor, mask: tf.Tensor | None = None
    ) -> tf.Tensor:
        """Returns the log-probability of tag sequences.

        Args:
            tags: Int tensor `(batch, time)`, from 0 to `units - 1`; ignored at masked
                steps.
            scores: Output of the layer, `(batch, time, units)`.
            mask: Boolean tensor `(batch, time)`; by default the Keras mask of the
                scores.

        Returns:
            Tensor `(batch,)`; NaN for a sequence with a tag out of range, since code
            compiled by XLA cannot raise errors.

        Raises:
            ValueError: If the shapes do not fit.
        """
        scores, mask = self._prepared(scores, mask)
        weights = self._weights()
        tags = tf.convert_to_tensor(tags)
        _check_steps("tags", tags, scores)
        tags = tf.where(mask, tf.cast(tags, tf.int32), 0)
        are_tags = tf.reduce_all((tags >= 0) & (tags < self.units), axis=1)
        tags = tf.clip_by_value(tags, 0, self.units - 1)
        chosen = _score(tags, scores, mask, *weights)
        sums = _forward_sums(scores, mask, *weights[:2])
        total = tf.reduce_logsumexp(sums[-1] + weights[2], axis=-1)
        result = tf.where(tf.reduce_any(mask, axis=1), chosen - total, 0)
        return tf.where(are_tags, result, np.nan)

    def marginals(self, scores: tf.Tensor, mask: tf.Tensor | None = None) -> tf.Tensor:
        """Returns the probability of every tag at every step (forward-backward).

        Args:
            scores, mask: See `log_likelihood`.

        Returns:
            Tensor `(batch, time, units)`, 0 at masked steps.
        """
        scores, mask = self._prepared(scores, mask)
        transitions, start, end = self._constrained()
        sums_over = _log_product(tf.transpose(transitions))

        def backward(after, step):
            x, counts, _ = step
            return tf.where(counts, sums_over(x + after), after)

        last = tf.zeros_like(scores[:, 0]) + end
        sums = tf.scan(backward, _steps(scores, mask), last, reverse=True)
        after = tf.concat([sums[1:], last[None]], axis=0)
        before = _forward_sums(scores, mask, transitions, start)
        both = tf.nn.softmax(before + after)
        return tf.where(mask[..., None], tf.transpose(both, [1, 0, 2]), 0)

    def decode(
        self, scores: tf.Tensor, mask: tf.Tensor | None = None
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns the best tag sequences (Viterbi 1967).

        Args:
            scores, mask: See `log_likelihood`.

        Returns:
            Tags, int32 `(batch, time)`, 0 at masked steps, and the score of each
            sequence, `(batch,)`.
        """
        scores, mask = self._prepared(scores, mask)
        transitions, start, end = self._constrained()
        stay = tf.range(self.units)[None]

        def forward(carry, step):
            before, _ = carry
            x, counts, begun = step
            paths = before[:, :, None] + transitions
            best = tf.where(begun, tf.reduce_max(paths, axis=1), start) + x
            came_from = tf.argmax(paths, axis=1, output_type=tf.int32)
            came_from = tf.where(counts & begun, came_from, stay)
            return tf.where(counts, best, before), came_from

        zeros = tf.zeros_like(scores[:, 0])
        start_carry = zeros, tf.zeros_like(zeros, tf.int32)
        best, came_from = tf.scan(forward, _steps(scores, mask), start_carry)
        total = best[-1] + end
        last = tf.argmax(total, axis=-1, output_type=tf.int32)
        before = tf.scan(
            lambda tag, pointers: tf.gather(pointers, tag, batch_dims=1),
            came_from,
            last,
            reverse=True,
        )
        tags = tf.concat([before[1:], last[None]], axis=0)
        score = tf.where(tf.reduce_any(mask, axis=1), tf.reduce_max(total, axis=-1), 0)
        return tf.where(mask, tf.transpose(tags), 0), score

    def get_config(self):
        return {**super().get_config(), "units": self.units, "tags": self.tags}

    def _prepared(self, scores, mask):
        """Returns scores in full precision and a mask, with checked shapes."""
        if not self.built:
            raise ValueError("The CRF has no weights yet: call the layer first.")
        if not scores.shape.is_compatible_with([None, None, self.units]):
            raise ValueError(
                f"`scores` must be the layer's output (batch, time, {self.units}), got "
                f"{scores.shape}."
            )
        if mask is None:
            mask = getattr(scores, "_keras_mask", None)
        if mask is None:
            mask = tf.ones(tf.shape(scores)[:2], tf.bool)
        mask = tf.cast(mask, tf.bool)
        _check_steps("mask", mask, scores)
        return tf.cast(scores, self.variable_dtype), mask

    def _weights(self):
        return list(map(tf.convert_to_tensor, (self.transitions, self.start, self.end)))

    def _constrained(self):
        if self._allowed is None:
            return self._weights()
        return [
            tf.where(allowed, weight, _FORBIDDEN)
            for allowed, weight in zip(self._allowed, self._weights(), strict=True)
        ]


def _check_steps(name, tensor, scores):
    if not tensor.shape.is_compatible_with(scores.shape[:2]):
        raise ValueError(
            f"`{name}` must have the shape (batch, time) of the scores, here "
            f"{scores.shape[:2]}, got {tensor.shape}."
        )


def _score(tags, scores, mask, transitions, start, end):
    """Returns S(y) of sequences with at least one step."""
    none = tf.fill(tf.shape(tags)[:1], -1)
    # The last unmasked tag up to each step, or -1.
    latest = tf.scan(
        lambda last, step: tf.where(step[1], step[0], last),
        (tf.transpose(tags), tf.transpose(mask)),
        none,
    )
    before = tf.transpose(tf.concat([none[None], latest[:-1]], axis=0))
    pairs = tf.stack([tf.maximum(before, 0), tags], axis=-1)
    moves = tf.gather_nd(transitions, pairs)
    moves = tf.where(before < 0, tf.gather(start, tags), moves)
    steps = tf.gather(scores, tags, batch_dims=2) + moves
    ended = tf.gather(end, tf.maximum(latest[-1], 0))
    return tf.reduce_sum(tf.where(mask, steps, 0), axis=1) + ended


def _forward_sums(scores, mask, transitions, start):
    """Returns log sum exp S over the paths to each tag at each step (forward)."""
    sums_over = _log_product(transitions)

    def forward(before, step):
        x, counts, begun = step
        sums = tf.where(begun, sums_over(before), start)
        return tf.where(counts, sums + x, before)

    return tf.scan(forward, _steps(scores, mask), tf.zeros_like(scores[:, 0]))


def _log_product(transitions):
    """Returns x -> log sum_i exp(x_i + A[i, j]), a matrix product of exponentials.

    In float32 a value more than 87 below the highest x, or below the highest A[:, j],
    counts as if it were 87 below.
    """
    highest = tf.stop_gradient(tf.reduce_max(transitions, axis=0))
    factors = tf.exp(transitions - highest)
    # The logarithm must stay finite.
    least = np.finfo("float64" if transitions.dtype == tf.float64 else "float32").tiny

    def product(x):
        most = tf.stop_gradient(tf.reduce_max(x, axis=1, keepdims=True))
        sums = tf.maximum(tf.exp(x - most) @ factors, least)
        return tf.math.log(sums) + most + highest

    return product


def _steps(scores, mask):
    """Returns by step: scores, whether it is unmasked, whether one before it was."""
    counts = tf.transpose(mask)[..., None]
    begun = tf.cumsum(tf.cast(counts, tf.int32), exclusive=True) > 0
    return tf.transpose(scores, [1, 0, 2]), counts, begun
