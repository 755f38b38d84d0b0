"""Embedding with word dropout and a dense gradient."""

import keras
import tensorflow as tf

from rnnzoo.checks import check_rates


def gather_rows(table: tf.Tensor, ids: tf.Tensor, training: bool) -> tf.Tensor:
    """Returns `table[ids]`, in training with a dense gradient of `table`.

    TensorFlow's gradient is a list of rows, in which a row occurs as often as it was
    read. Clipping by norm takes the norm of that list, which is not the norm of the
    gradient once a word occurs twice in a batch. Keras' optimizers make the gradient
    dense later in any case.

    Args:
        table: Tensor or variable `(rows, size)`.
        ids: Integer tensor of any shape.
        training: Whether gradients are needed; if not, this is `tf.gather`.

    Returns:
        Tensor `(*shape of ids, size)`.
    """
    table = tf.convert_to_tensor(table)
    return tf.gather(_with_dense_gradient(table) if training else table, ids)


@tf.custom_gradient
def _with_dense_gradient(table):
    return tf.identity(table), tf.convert_to_tensor


@keras.saving.register_keras_serializable("rnnzoo")
class Embedding(keras.layers.Embedding):
    """`keras.layers.Embedding` with word dropout and a dense gradient.

    Word dropout zeroes the vectors of some words of the vocabulary, the same ones at
    every step of a batch, so that the model cannot rely on a single word, such as a
    name (Gal & Ghahramani 2016, "A theoretically grounded application of dropout in
    recurrent neural networks", section 4.2; one mask for a batch as in Merity et al.
    2018, "Regularizing and optimizing LSTM language models").

    Args:
        input_dim: Number of ids.
        output_dim: Size of the vectors.
        word_dropout: Fraction, in [0, 1), of the ids whose vector is zero in training.
        seed: Integer seed of the dropout, or `None`.
        **kwargs: Those of `keras.layers.Embedding`.

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
        # `call` casts the rows that are read instead of the whole table.
        return super().add_weight(*args, autocast=False, **kwargs)

    def call(self, inputs, training=False):
        ids = tf.cast(inputs, tf.int32)
        table = self.embeddings
        if training:
            noise_shape = (self.input_dim, 1)
            table = keras.random.dropout(
                table, self.word_dropout, noise_shape, seed=self.seed_generator
            )
        return tf.cast(gather_rows(table, ids, training), self.compute_dtype)

    def compute_output_spec(self, inputs, training=False):
        return super().compute_output_spec(inputs)

    def get_config(self):
        config = {"word_dropout": self.word_dropout, "seed": self.seed}
        return {**super().get_config(), **config}
