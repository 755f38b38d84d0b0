"""Features of a word's spelling, for unknown words too."""

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive, check_rates
from rnnzoo.layers.bidirectional import Bidirectional
from rnnzoo.layers.cells.lstm import LSTM
from rnnzoo.layers.dropout import Dropout
from rnnzoo.layers.embedding import Embedding


@keras.saving.register_keras_serializable("rnnzoo")
class CharacterFeatures(keras.layers.Layer):
    """Reads the characters of each distinct word of a batch with a bidirectional LSTM.

    The features of a word are the last states of both directions (Ling et al. 2015,
    "Finding function in form", arXiv 1508.02096; Lample et al. 2016, arXiv 1603.01360,
    section 4.1).

    Args:
        input_dim: Number of ids of characters; 256 for bytes.
        embedding_dim: Size of the vectors of characters.
        units: Size of the state of each direction.
        dropout: Fraction of the vectors' features dropped in training.
        seed: Integer seed of the dropout, or `None`.
        **kwargs: `name`, `dtype`, `trainable` of `keras.layers.Layer`.

    Input: a list of two int tensors. `(distinct words, characters)` holds the spellings
    of a batch's words, padded with 0; the first row is all padding. `(batch, time)`
    holds the row of each word. Output: `(batch, time, 2 * units)`; padding is masked,
    and its features are zeros.

    Raises:
        ValueError: If a size is not positive, or the rate is not in [0, 1).

    >>> spellings = tf.constant([[0, 0, 0], [98, 101, 0], [97, 0, 0]])
    >>> CharacterFeatures(units=3)([spellings, tf.constant([[2, 1, 2, 0]])]).shape
    TensorShape([1, 4, 6])
    """

    def __init__(
        self,
        input_dim: int = 256,
        embedding_dim: int = 32,
        units: int = 64,
        dropout: float = 0.0,
        seed: int | None = None,
        **kwargs,
    ):
        check_positive(input_dim=input_dim, embedding_dim=embedding_dim, units=units)
        check_rates(dropout=dropout)
        super().__init__(**kwargs)
        self.input_dim = input_dim
        self.embedding_dim = embedding_dim
        self.units = units
        self.dropout = dropout
        self.seed = seed
        dtype = self.dtype_policy
        self.embedding = Embedding(
            input_dim, embedding_dim, mask_zero=True, dtype=dtype
        )
        self.drop = Dropout(dropout, seed=seed, dtype=dtype)
        self.read = Bidirectional(LSTM(units, dtype=dtype), dtype=dtype)

    def build(self, input_shape):
        self.embedding.build(input_shape[0])
        self.read.build((None, None, self.embedding_dim))

    def call(self, inputs, training=False):
        spellings, rows = inputs
        x = self.embedding(spellings, training=training)
        x = self.drop(x, training=training)
        states = self.read(x, mask=spellings != 0, training=training)
        return tf.gather(states, rows)

    def compute_mask(self, inputs, mask=None):
        return keras.ops.not_equal(inputs[1], 0)

    def compute_output_shape(self, input_shape):
        return (*input_shape[1], 2 * self.units)

    def get_config(self):
        names = ("input_dim", "embedding_dim", "units", "dropout", "seed")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
