"""Settings of text classifiers."""

import dataclasses

from rnnzoo.tasks.config import Config, Names, Positive, Rate, RecurrentConfig, Size


@dataclasses.dataclass(frozen=True, kw_only=True)
class TextConfig(Config):
    """Settings that all classifiers of texts have.

    Args:
        class_names: Names of the labels, in the order of their numbers. By default text
            labels name themselves, and 0 and 1 are "negative" and "positive".
        vocabulary_size: Number of ids that `adapt` may assign, those for padding and
            unknown words included.
        max_length: Number of tokens of a text that are read, the last ones.
    """

    learning_rate: Positive = 3e-3
    class_names: Names | None = None
    vocabulary_size: Size = 20_000
    max_length: Size = 4000


@dataclasses.dataclass(frozen=True, kw_only=True)
class TextClassifierConfig(TextConfig, RecurrentConfig):
    """Settings of a recurrent text classifier.

    Args:
        word_dropout: Fraction of the vocabulary dropped in training, other words in
            every batch.
        embedding_dropout: Fraction of the features of the word vectors dropped in
            training, the same features at every step.
        recurrent_length: Number of tokens that the recurrent layers read, the last
            ones.
    """

    units: Size = 64
    word_dropout: Rate = 0.3
    embedding_dropout: Rate = 0.7
    recurrent_length: Size = 400
