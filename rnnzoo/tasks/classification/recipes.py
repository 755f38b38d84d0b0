"""Sentiment of a review, or any other label of a text."""

import keras

from rnnzoo.checks import check_positive_numbers
from rnnzoo.registry import recipe
from rnnzoo.tasks.classification.model import TextClassifier


def sentiment(
    cell: str, learning_rate: float = 3e-3, clipnorm: float | None = 1.0, **settings
) -> TextClassifier:
    """Builds and compiles a text classifier.

    Args:
        cell: "bag_of_words", or a name in `rnnzoo.layers.RECURRENT_LAYERS`.
        learning_rate: of Adam (Kingma & Ba 2015).
        clipnorm: the norm that the gradient of all weights together is clipped to
            (Pascanu et al. 2013), or `None`.
        **settings: arguments of `TextClassifier`.

    Returns:
        The compiled model; its weights come to be with `model.adapt(dataset)`.

    Raises:
        ValueError: if the learning rate is not positive, or an argument of
            `TextClassifier` is wrong.
    """
    check_positive_numbers(learning_rate=learning_rate)
    model = TextClassifier(cell, **settings)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate, global_clipnorm=clipnorm),
        # Rows that only fill up a batch have weight 0, and do not count.
        loss=keras.losses.SparseCategoricalCrossentropy(
            from_logits=True, reduction="mean_with_sample_weight"
        ),
        weighted_metrics=["accuracy"],
        jit_compile=True,
    )
    return model


@recipe
def sentiment_simple_rnn(**settings) -> TextClassifier:
    """Simple recurrent networks (Elman 1990) over word vectors, one from each end.

    What a gated cell remembers it does not, so it reads more, is dropped less, and
    counts for less beside the words' counts.
    """
    proven = {
        "count_weight": 0.7,
        "learning_rate": 2e-3,
        "bidirectional": True,
        "embedding_dropout": 0.5,
        "recurrent_length": 1000,
        "word_dropout": 0.5,
    }
    return sentiment("simple_rnn", **{**proven, **settings})


@recipe
def sentiment_gru(**settings) -> TextClassifier:
    """A GRU (Cho et al. 2014) over word vectors."""
    return sentiment("gru", **settings)


@recipe
def sentiment_lstm(**settings) -> TextClassifier:
    """An LSTM (Hochreiter & Schmidhuber 1997) over word vectors."""
    return sentiment("lstm", **settings)


@recipe
def sentiment_bilstm(**settings) -> TextClassifier:
    """An LSTM that reads in both directions (Graves & Schmidhuber 2005)."""
    return sentiment("lstm", **{"bidirectional": True, **settings})


@recipe
def sentiment_bag_of_words(**settings) -> TextClassifier:
    """Logistic regression on the word counts of the whole text: blind to order."""
    return sentiment("bag_of_words", **settings)
