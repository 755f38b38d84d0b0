"""`Bidirectional` that passes its mask on in every version of Keras."""

import keras


@keras.saving.register_keras_serializable("rnnzoo")
class Bidirectional(keras.layers.Bidirectional):
    """`keras.layers.Bidirectional` that passes its mask on.

    From version 3.16 on, Keras' own wrapper destroys the mask.

    Args:
        *args, **kwargs: Those of `keras.layers.Bidirectional`.

    >>> from rnnzoo.layers import GRU
    >>> import tensorflow as tf
    >>> Bidirectional(GRU(4, return_sequences=True))(tf.ones((2, 3, 5))).shape
    TensorShape([2, 3, 8])
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.supports_masking = True
