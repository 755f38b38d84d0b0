"""The loss that a CRF is trained by."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("rnnzoo")
class CRFLoss(keras.losses.Loss):
    """Minus the log-likelihood of the tags, for a model whose last layer is a `CRF`.

    Args:
        reduction, name, dtype: see `keras.losses.Loss`; "sum_over_batch_size" is the
            mean over the sequences.

    It takes tags, int `(batch, time)`, the scores that the layer returned, and a weight
    for each sequence, `(batch,)`, if there are any. What is masked does not count. The
    loss is not a number where a tag is none of the CRF's, 0 to `units - 1`.

    Raises:
        ValueError: if the scores are of another layer: none may stand behind the CRF.
    """

    def __init__(self, reduction="sum_over_batch_size", name="crf_loss", dtype=None):
        super().__init__(reduction=reduction, name=name, dtype=dtype)

    def __call__(self, y_true, y_pred, sample_weight=None):
        crf = getattr(y_pred, "_crf", None)
        if crf is None:
            raise ValueError(
                "`CRFLoss` takes scores that a CRF layer returned, got "
                f"others, of the shape {y_pred.shape}. Make the CRF the model's last "
                "layer."
            )
        if sample_weight is not None and len(sample_weight.shape) != 1:
            raise ValueError(
                "`sample_weight` must have the shape (batch,), a weight for each "
                f"sequence, got {tuple(sample_weight.shape)}. What is masked does not "
                "count in any case."
            )
        losses = -crf.log_likelihood(tf.cast(y_true, tf.int32), y_pred)
        return super().__call__(tf.zeros_like(losses), losses, sample_weight)

    def call(self, y_true, y_pred):
        return y_pred

    def get_config(self):
        return {"reduction": self.reduction, "name": self.name, "dtype": self.dtype}
