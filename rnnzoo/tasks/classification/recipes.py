"""Recipes for the sentiment of a review, or any other label of a text."""

from rnnzoo.registry import recipe
from rnnzoo.tasks.classification.model import TextClassifier
from rnnzoo.tasks.classification.word_counts import (
    BagOfWordsClassifier,
    WordCountsClassifier,
)


@recipe(
    TextClassifier,
    cell="simple_rnn",
    bidirectional=True,
    learning_rate=2e-3,
    embedding_dropout=0.5,
    word_dropout=0.5,
    recurrent_length=1000,
)
def sentiment_simple_rnn():
    """Classifies texts with two simple recurrent networks, one from each end.

    (Elman 1990.) It forgets more than a gated cell, so it reads more of the text.
    """


@recipe(TextClassifier, cell="gru")
def sentiment_gru():
    """Classifies texts with a GRU (Cho et al. 2014)."""


@recipe(TextClassifier, cell="lstm")
def sentiment_lstm():
    """Classifies texts with an LSTM (Hochreiter & Schmidhuber 1997)."""


@recipe(TextClassifier, cell="lstm", bidirectional=True)
def sentiment_bilstm():
    """Classifies texts with an LSTM in both directions (Graves & Schmidhuber 2005)."""


@recipe(BagOfWordsClassifier)
def sentiment_bag_of_words():
    """Classifies texts by logistic regression on their word counts, blind to order."""


@recipe(WordCountsClassifier, cell="lstm")
def sentiment_lstm_with_word_counts():
    """Classifies texts with an LSTM and a logistic regression on word counts.

    The answer is the mean of both (Mesnil et al. 2014).
    """
