"""A tag for each word: parts of speech, names, slots."""

import keras

from rnnzoo.checks import check_positive_numbers
from rnnzoo.layers import CRFLoss
from rnnzoo.registry import recipe
from rnnzoo.tasks.tagging.model import Tagger


def tagging(
    cell: str,
    learning_rate: float = 2e-3,
    clipnorm: float | None = 1.0,
    intent_weight: float = 3.0,
    **settings,
) -> Tagger:
    """Builds and compiles a tagger.

    Args:
        cell: a name in `rnnzoo.layers.RECURRENT_LAYERS`.
        learning_rate: of Adam (Kingma & Ba 2015).
        clipnorm: the norm that the gradient of all weights together is clipped to
            (Pascanu et al. 2013), or `None`.
        intent_weight: what the loss of a sentence's label counts, beside 1 for that of
            its tags, which is larger: a CRF sums it over the words.
        **settings: arguments of `Tagger`.

    Returns:
        The compiled model; its weights come to be with `model.adapt(dataset)`.

    Raises:
        ValueError: if the learning rate or the weight is not positive, or an argument
            of `Tagger` is wrong.
    """
    check_positive_numbers(learning_rate=learning_rate, intent_weight=intent_weight)
    model = Tagger(cell, **settings)
    # Padding does not count, nor rows that only fill up a batch.
    mean = {"reduction": "mean_with_sample_weight"}
    classes = keras.losses.SparseCategoricalCrossentropy(from_logits=True, **mean)
    loss, weights = CRFLoss(**mean) if settings.get("crf") else classes, None
    if settings.get("intent"):
        loss = {"tags": loss, "intent": classes}
        weights = {"tags": 1.0, "intent": intent_weight}
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate, global_clipnorm=clipnorm),
        loss=loss,
        loss_weights=weights,
        jit_compile=True,
    )
    return model


@recipe
def tagging_simple_rnn(**settings) -> Tagger:
    """A simple recurrent network (Elman 1990) over word vectors."""
    return tagging("simple_rnn", **settings)


@recipe
def tagging_gru(**settings) -> Tagger:
    """A GRU (Cho et al. 2014) over word vectors."""
    return tagging("gru", **settings)


@recipe
def tagging_lstm(**settings) -> Tagger:
    """An LSTM (Hochreiter & Schmidhuber 1997) over word vectors."""
    return tagging("lstm", **settings)


@recipe
def tagging_bilstm(**settings) -> Tagger:
    """An LSTM that reads in both directions (Graves & Schmidhuber 2005)."""
    return tagging("lstm", **{"bidirectional": True, **settings})


@recipe
def tagging_bilstm_crf(**settings) -> Tagger:
    """The same, with a CRF that chooses the tags together (Huang et al. 2015)."""
    return tagging_bilstm(**{"crf": True, **settings})


@recipe
def tagging_char_bilstm(**settings) -> Tagger:
    """Words by their spelling, too, known or not (Ling et al. 2015)."""
    return tagging_bilstm(**{"word_length": 12, **settings})


@recipe
def tagging_char_bilstm_crf(**settings) -> Tagger:
    """Spelling, both directions and a CRF (Lample et al. 2016)."""
    return tagging_char_bilstm(**{"crf": True, **settings})
