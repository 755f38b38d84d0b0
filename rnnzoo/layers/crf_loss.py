"""Loss of a CRF."""

import keras
import tensorflow as tf

from rnnzoo.layers.crf import CRF


@keras.saving.register_keras_serializable("rnnzoo")
class CRFLoss(keras.losses.Loss):
    """Negative log-likelihood of tag sequences under a `CRF`.

    Args:
        crf: Last layer of the model.
        reduction: See `keras.losses.Loss`; "sum_over_batch_size" is the mean over the
            sequences.
        name: Name of the loss.
        dtype: See `keras.losses.Loss`.

    The call takes tags, int `(batch, time)`; the output of the layer, `(batch, time,
    units)`; and optionally sample weights `(batch,)`. Masked steps are ignored. The
    loss of a tag that is not in 0 to `units - 1` is NaN.

    A model loaded from a file has a new layer: compile it again, with
    `CRFLoss(model.get_layer(...))`, before training or evaluation.

    Raises:
        TypeError: If `crf` is not a `CRF`.
        ValueError: In the call, if the sample weights are not one for each sequence.
    """

    def __init__(
        self,
        crf: CRF,
        reduction: str = "sum_over_batch_size",
        name: str = "crf_loss",
        dtype=None,
    ):
        if not isinstance(crf, CRF | None):
            raise TypeError(f"`crf` must be a CRF layer, got {crf!r}.")
        super().__init__(reduction=reduction, name=name, dtype=dtype)
        self.crf = crf

    def __call__(self, y_true, y_pred, sample_weight=None, mask=None):
        if self.crf is None:
            raise ValueError(
                "The loss was loaded with a model, without its CRF layer. Compile "
                "the model again: model.compile(optimizer, "
                "CRFLoss(model.get_layer(...)))."
            )
        if sample_weight is not None and len(sample_weight.shape) != 1:
            raise ValueError(
                "`sample_weight` must have the shape (batch,), a weight for each "
                f"sequence, got {tuple(sample_weight.shape)}. Masked steps are always "
                "ignored."
            )
        tags = tf.cast(y_true, tf.int32)
        losses = -self.crf.log_likelihood(tags, y_pred, mask)
        return super().__call__(tf.zeros_like(losses), losses, sample_weight)

    def call(self, y_true, y_pred):
        return y_pred

    def get_config(self):
        return {"reduction": self.reduction, "name": self.name, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config):
        return cls(None, **config)
