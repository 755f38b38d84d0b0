"""What the spelling of a word tells, known or not."""

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive, check_rates
from rnnzoo.layers.bidirectional import Bidirectional
from rnnzoo.layers.cells.lstm import LSTM
from rnnzoo.layers.dropout import Dropout
from rnnzoo.layers.embedding import Embedding


@keras.saving.register_keras_serializable("rnnzoo")
class CharacterFeatures(keras.layers.Layer):
    """Reads every different word once, letter by letter, from both ends.

    The last states of an LSTM in each direction, side by side (Ling et al. 2015,
    "Finding function in form", arXiv 1508.02096; Lample et al. 2016, arXiv 1603.01360,
    section 4.1).

    Args:
        input_dim: number of ids of characters; 256 for bytes.
        embedding_dim: size of the vectors of characters.
        units: size of the state of each direction.
        dropout: fraction of the vectors' features dropped in training.
        seed: integer seed of the dropout, or `None`.
        **kwargs: `name`, `dtype`, `trainable` of `keras.layers.Layer`.

    Input: a list of an int tensor `(different, characters)`, the different words of a
    batch, padded with 0, the first of them nothing but padding; and an int tensor
    `(batch, time)`, which of these is where. Output: `(batch, time, 2 * units)`; where
    there is no word there are zeros, and it is masked.

    Raises:
        ValueError: if a size is not positive, or the rate is not in [0, 1).

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
        policy = self.dtype_policy
        self.embedding = Embedding(
            input_dim, embedding_dim, mask_zero=True, dtype=policy
        )
        self.drop = Dropout(dropout, seed=seed, dtype=policy)
        self.read = Bidirectional(LSTM(units, dtype=policy), dtype=policy)

    def build(self, input_shape):
        self.embedding.build(input_shape[0])
        self.read.build((None, None, self.embedding_dim))

    def call(self, inputs, training=False):
        spellings, places = inputs
        x = self.embedding(spellings, training=training)
        x = self.drop(x, training=training)
        states = self.read(x, mask=spellings != 0, training=training)
        return tf.gather(states, places)

    def compute_mask(self, inputs, mask=None):
        _, places = inputs
        return keras.ops.not_equal(places, 0)

    def compute_output_shape(self, input_shape):
        _, places_shape = input_shape
        return (*places_shape, 2 * self.units)

    def get_config(self):
        return {
            **super().get_config(),
            "input_dim": self.input_dim,
            "embedding_dim": self.embedding_dim,
            "units": self.units,
            "dropout": self.dropout,
            "seed": self.seed,
        }
