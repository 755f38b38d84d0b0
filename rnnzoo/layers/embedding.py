"""Rows of a table by number, with a gradient whose norm can be trusted."""

import keras
import tensorflow as tf

from rnnzoo.checks import check_rates


def gather_rows(table: tf.Tensor, ids: tf.Tensor, training: bool) -> tf.Tensor:
    """`table[ids]`; in training the gradient of `table` is a plain tensor.

    TensorFlow gives that gradient as a list of rows, a row as often as it was read.
    Clipping by norm then takes the norm of the list, which is not that of the
    gradient as soon as a word stands twice in a batch. Keras' optimizers make a
    plain tensor of it afterwards in any case.

    Args:
        table: tensor or variable `(rows, size)`.
        ids: integer tensor of any shape.
        training: whether gradients will be asked for; if not, this is `tf.gather`.

    Returns:
        Tensor of the shape of `ids`, and `size` behind it.
    """
    table = tf.convert_to_tensor(table)
    return tf.gather(_with_plain_gradient(table) if training else table, ids)


@tf.custom_gradient
def _with_plain_gradient(table):
    return tf.identity(table), tf.convert_to_tensor


@keras.saving.register_keras_serializable("rnnzoo")
class Embedding(keras.layers.Embedding):
    """`keras.layers.Embedding` with word dropout, and a gradient of true norm.

    Word dropout takes whole words out of the vocabulary, the same ones at every step
    of a batch: the model cannot rely on any single word, a name say, and gives better
    answers on texts it never saw (Gal & Ghahramani 2016, "A theoretically grounded
    application of dropout in recurrent neural networks", section 4.2; a mask a batch
    as in Merity et al. 2018, "Regularizing and optimizing LSTM language models").

    Args:
        input_dim: number of ids.
        output_dim: size of the vectors.
        word_dropout: fraction, in [0, 1), of the ids whose vector is zero in training.
        seed: integer seed of the dropout, or `None`.
        **kwargs: see `keras.layers.Embedding`.

    Input: int tensor `(batch, time)`; output `(batch, time, output_dim)`.

    >>> Embedding(10, 4, mask_zero=True)(tf.constant([[1, 2, 0]])).shape
    TensorShape([1, 3, 4])
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        word_dropout: float = 0.0,
        seed: int | None = None,
        **kwargs,
    ):
        check_rates(word_dropout=word_dropout)
        super().__init__(input_dim, output_dim, **kwargs)
        self.word_dropout = word_dropout
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def add_weight(self, *args, **kwargs):
        # The rows that are read are cast, not the whole table.
        return super().add_weight(*args, autocast=False, **kwargs)

    def call(self, inputs, training=False):
        ids = tf.cast(inputs, tf.int32)
        table = self.embeddings
        if training:
            words = (self.input_dim, 1)
            table = keras.random.dropout(
                table, self.word_dropout, words, seed=self.seed_generator
            )
        return tf.cast(gather_rows(table, ids, training), self.compute_dtype)

    def compute_output_spec(self, inputs, training=False):
        return super().compute_output_spec(inputs)

    def get_config(self):
        return {
            **super().get_config(),
            "word_dropout": self.word_dropout,
            "seed": self.seed,
        }
