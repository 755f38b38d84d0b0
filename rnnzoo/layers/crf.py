"""Linear-chain conditional random field: the last layer of a tagger."""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from rnnzoo.checks import check_positive
from rnnzoo.layers.tag_schemes import allowed_transitions

# Added to a score it forbids; finite, so that no difference of two is undefined.
_FORBIDDEN = -1e9


@keras.saving.register_keras_serializable("rnnzoo")
class CRF(keras.layers.Layer):
    """Scores of whole tag sequences (Lafferty et al. 2001; Lample et al. 2016, eq. 1).

    A sequence y_1, ..., y_n of tags has the score

        S(y) = start[y_1] + sum_t x_t[y_t] + sum_t A[y_t, y_{t+1}] + end[y_n]

    and the probability exp S(y) / sum_z exp S(z). The layer holds A, `start` and
    `end`. It returns the scores x that it takes, for `CRFLoss` to train on and for
    `decode` and `marginals` to read. Masked steps count as if they were not there.

    Args:
        units: number of tags.
        tags: their names, in the scheme IOB2 or IOBES ("B-LOC", "I-LOC", "O"); for
            `decode` and `marginals` there are then only sequences that the scheme
            allows. Training is free: data may break the scheme.
        **kwargs: `name`, `dtype`, `trainable` of `keras.layers.Layer`.

    Input and output: tensor `(batch, time, units)`.

    Raises:
        ValueError: if `units` is not positive, `tags` are not as many or of neither
            scheme, or the input has another last dimension.

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
                f"`tags` must be the names of {units} tags, one for each of `units`, "
                f"got {len(tags)}: {list(tags)}. Set `units=len(tags)`."
            )
        super().__init__(**kwargs)
        self.units = units
        self.tags = None if tags is None else list(tags)
        self._allowed = None if tags is None else allowed_transitions(self.tags)
        self.supports_masking = True

    def build(self, input_shape):
        if len(input_shape) != 3 or input_shape[-1] != self.units:
            raise ValueError(
                f"`scores` must have the shape (batch, time, {self.units}), a score "
                f"for each of `units`, got {tuple(input_shape)}. Put a "
                f"`keras.layers.Dense({self.units})` before the CRF."
            )
        shape = (self.units,)
        self.transitions = self.add_weight(shape * 2, name="transitions")
        self.start = self.add_weight(shape, "zeros", name="start")
        self.end = self.add_weight(shape, "zeros", name="end")

    def call(self, scores):
        return tf.identity(scores)

    def compute_output_shape(self, input_shape):
        return input_shape

    def log_likelihood(
        self, tags: tf.Tensor, scores: tf.Tensor, mask: tf.Tensor | None = None
    ) -> tf.Tensor:
        """The logarithm of the probability of tag sequences.

        Args:
            tags: int tensor `(batch, time)`, from 0 to `units - 1`; what it holds where
                masked does not count.
            scores: what the layer returned, `(batch, time, units)`.
            mask: boolean tensor `(batch, time)`; by default the one that goes with the
                scores.

        Returns:
            Tensor `(batch,)`; not a number for a sequence with a tag that there is not,
            since what XLA has compiled can raise no error.

        Raises:
            ValueError: if the shapes do not fit.
        """
        scores, mask = self._prepared(scores, mask)
        weights = self._weights()
        tags = tf.convert_to_tensor(tags)
        if not tags.shape.is_compatible_with(scores.shape[:2]):
            raise ValueError(
                f"`tags` must have the shape (batch, time), here {scores.shape[:2]}, a "
                f"tag for each step of the scores, got {tags.shape}."
            )
        tags = tf.where(mask, tf.cast(tags, tf.int32), 0)
        are_tags = tf.reduce_all((tags >= 0) & (tags < self.units), axis=1)
        tags = tf.clip_by_value(tags, 0, self.units - 1)
        chosen = _score(tags, scores, mask, *weights)
        sums = _forward_sums(scores, mask, *weights[:2])
        every = tf.reduce_logsumexp(sums[-1] + weights[2], axis=-1)
        found = tf.where(tf.reduce_any(mask, axis=1), chosen - every, 0)
        return tf.where(are_tags, found, np.nan)

    def marginals(self, scores: tf.Tensor, mask: tf.Tensor | None = None) -> tf.Tensor:
        """The probability of every tag at every step: the forward-backward algorithm.

        Args:
            scores: what the layer returned, `(batch, time, units)`.
            mask: see `log_likelihood`.

        Returns:
            Tensor `(batch, time, units)`, 0 where masked.
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
        """The best tag sequences (Viterbi 1967).

        Args:
            scores: what the layer returned, `(batch, time, units)`.
            mask: see `log_likelihood`.

        Returns:
            Tags, int32 `(batch, time)`, 0 where masked, and the score of each
            sequence, `(batch,)`.
        """
        scores, mask = self._prepared(scores, mask)
        transitions, start, end = self._constrained()
        stay = tf.range(self.units)[None]

        def forward(carried, step):
            before, _ = carried
            x, counts, begun = step
            paths = before[:, :, None] + transitions
            best = tf.where(begun, tf.reduce_max(paths, axis=1), start) + x
            came_from = tf.argmax(paths, axis=1, output_type=tf.int32)
            return (
                tf.where(counts, best, before),
                tf.where(counts & begun, came_from, stay),
            )

        zeros = tf.zeros_like(scores[:, 0])
        best, came_from = tf.scan(
            forward,
            _steps(scores, mask),
            (zeros, tf.zeros_like(zeros, tf.int32)),
        )
        total = best[-1] + end
        last = tf.argmax(total, axis=-1, output_type=tf.int32)
        before = tf.scan(
            lambda tag, pointers: tf.gather(pointers, tag, batch_dims=1),
            came_from,
            last,
            reverse=True,
        )
        tags = tf.concat([before[1:], last[None]], axis=0)
        return (
            tf.where(mask, tf.transpose(tags), 0),
            tf.where(tf.reduce_any(mask, axis=1), tf.reduce_max(total, axis=-1), 0),
        )

    def get_config(self):
        return {**super().get_config(), "units": self.units, "tags": self.tags}

    def _prepared(self, scores, mask):
        """Scores in full precision, and a mask in any case; both of the right shape."""
        if not self.built:
            raise ValueError("The CRF has no weights yet: call the layer first.")
        if not scores.shape.is_compatible_with([None, None, self.units]):
            raise ValueError(
                f"`scores` must have the shape (batch, time, {self.units}), as the "
                f"layer returned them, got {scores.shape}."
            )
        if mask is None:
            mask = getattr(scores, "_keras_mask", None)
        if mask is None:
            mask = tf.ones(tf.shape(scores)[:2], tf.bool)
        mask = tf.cast(mask, tf.bool)
        if not mask.shape.is_compatible_with(scores.shape[:2]):
            raise ValueError(
                f"`mask` must have the shape (batch, time), here {scores.shape[:2]}, "
                f"that of the scores, got {mask.shape}."
            )
        return tf.cast(scores, self.variable_dtype), mask

    def _weights(self):
        return [
            tf.convert_to_tensor(w) for w in (self.transitions, self.start, self.end)
        ]

    def _constrained(self):
        if self._allowed is None:
            return self._weights()
        return [
            tf.where(allowed, weight, _FORBIDDEN)
            for allowed, weight in zip(self._allowed, self._weights(), strict=True)
        ]


def _score(tags, scores, mask, transitions, start, end):
    """S(y) of sequences with a step at least."""
    none = tf.fill(tf.shape(tags)[:1], -1)
    # By step: the tag before it, or -1.
    known = tf.scan(
        lambda last, step: tf.where(step[1], step[0], last),
        (tf.transpose(tags), tf.transpose(mask)),
        none,
    )
    before = tf.transpose(tf.concat([none[None], known[:-1]], axis=0))
    pairs = tf.stack([tf.maximum(before, 0), tags], axis=-1)
    moved = tf.where(
        before < 0, tf.gather(start, tags), tf.gather_nd(transitions, pairs)
    )
    steps = tf.gather(scores, tags, batch_dims=2) + moved
    ended = tf.gather(end, tf.maximum(known[-1], 0))
    return tf.reduce_sum(tf.where(mask, steps, 0), axis=1) + ended


def _forward_sums(scores, mask, transitions, start):
    """By step, log sum exp S over what leads to each tag: the forward algorithm."""
    sums_over = _log_product(transitions)

    def forward(before, step):
        x, counts, begun = step
        sums = tf.where(begun, sums_over(before), start)
        return tf.where(counts, sums + x, before)

    return tf.scan(forward, _steps(scores, mask), tf.zeros_like(scores[:, 0]))


def _log_product(transitions):
    """Of x, log sum_i exp(x_i + A[i, j]): a matrix product of the exponentials.

    In float32 what lies 87 or more below the highest x, or the highest A[:, j], counts
    as if it lay just there.
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
    """By step: the scores, whether it counts, and whether one before it did."""
    counts = tf.transpose(mask)[..., None]
    begun = tf.cumsum(tf.cast(counts, tf.int32), exclusive=True) > 0
    return tf.transpose(scores, [1, 0, 2]), counts, begun
