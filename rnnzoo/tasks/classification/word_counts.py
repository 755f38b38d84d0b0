"""Classifiers on word counts: alone, and in an ensemble with a recurrent network."""

import dataclasses
from typing import ClassVar

import keras
import tensorflow as tf

from rnnzoo.layers import BagOfWords
from rnnzoo.tasks.classification.config import TextClassifierConfig, TextConfig
from rnnzoo.tasks.classification.model import TextClassifier
from rnnzoo.tasks.classification.network import text_network
from rnnzoo.tasks.config import Rate

# At the learning rate of the recurrent layers; chosen on IMDB's validation data.
_COUNT_SCALE = 0.3


@keras.saving.register_keras_serializable("rnnzoo")
class BagOfWordsClassifier(TextClassifier):
    """Logistic regression on the word counts of a text, which ignores word order.

    Args:
        **settings: Fields of `TextConfig`.
        (others): See `TextClassifier`.

    >>> learned = {"vocabulary": ["good", "bad"], "class_names": ["neg", "pos"]}
    >>> model = BagOfWordsClassifier(learned=learned)
    >>> answers = model.answer(["good bad", "bad good"])
    >>> answers[0]["score"] == answers[1]["score"]
    True
    """

    Config = TextConfig
    baseline: ClassVar[str | None] = None

    def build_network(self, vocabulary_size, classes):
        ids = keras.Input((None,), dtype="int32", name="ids")
        logits = self._bag_of_words(vocabulary_size, classes)(ids)
        return keras.Model(ids, logits, name="network")

    def _bag_of_words(self, vocabulary_size, classes):
        full = self.dtype_policy.variable_dtype
        return BagOfWords(
            vocabulary_size, classes, _COUNT_SCALE, dtype=full, name="bag_of_words"
        )

    def lengths(self):
        # Counting takes no time worth a finer bucket.
        return [min(512, self.config.max_length), self.config.max_length]


@dataclasses.dataclass(frozen=True, kw_only=True)
class WordCountsConfig(TextClassifierConfig):
    """Settings of a recurrent classifier that word counts answer together with.

    Args:
        count_weight: Weight of the word counts in the answer; that of the recurrent
            network is `1 - count_weight`.
    """

    count_weight: Rate = 0.5


@keras.saving.register_keras_serializable("rnnzoo")
class WordCountsClassifier(BagOfWordsClassifier):
    """Ensemble of a recurrent network and of a logistic regression on word counts.

    The answer is the weighted mean of the log-probabilities of both, which err on
    different texts (Mesnil et al. 2014, arXiv 1412.5335). Each is trained by its own
    loss; `fit` shows the mean of both as `loss`.

    Args:
        **settings: Fields of `WordCountsConfig`.
        (others): See `TextClassifier`.
    """

    Config = WordCountsConfig
    baseline: ClassVar[str] = "sentiment_bag_of_words"

    def build_network(self, vocabulary_size, classes):
        recurrent = text_network(
            self.config, vocabulary_size, classes, self.dtype_policy
        )
        counts = self._bag_of_words(vocabulary_size, classes)
        ids = recurrent.input
        return keras.Model(ids, [recurrent.output, counts(ids)], name="network")

    def lengths(self):
        return TextClassifier.lengths(self)

    def call(self, inputs, training=False):
        """Returns the mixed log-probabilities; in training those of both members.

        In training the shape is `(2, batch, classes)`.
        """
        logits = self._require_network()(inputs, training=training)
        members = tf.nn.log_softmax(tf.stack(logits))
        return members if training else self._mixed(members)

    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        loss = super().compute_loss
        if y_pred.shape.rank == 2:
            return loss(x, y, y_pred, sample_weight, training)
        losses = [loss(x, y, m, sample_weight, training) for m in tf.unstack(y_pred)]
        return sum(losses) / len(losses)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        mixed = y_pred if y_pred.shape.rank == 2 else self._mixed(y_pred)
        return super().compute_metrics(x, y, mixed, sample_weight)

    def _mixed(self, members):
        recurrent, counts = tf.unstack(members)
        return recurrent + self.config.count_weight * (counts - recurrent)
