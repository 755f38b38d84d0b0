"""From one language to another, or from any text to a text."""

import keras

from rnnzoo.checks import check_positive_numbers
from rnnzoo.layers import SmoothedCrossentropy
from rnnzoo.registry import recipe
from rnnzoo.tasks.translation.model import Translator

CONDITIONAL = {"decoder_layers": 2, "conditional": True}


def translation(
    cell: str,
    learning_rate: float = 2e-3,
    clipnorm: float | None = 1.0,
    label_smoothing: float = 0.1,
    **settings,
) -> Translator:
    """Builds and compiles a translator.

    Args:
        cell: a name in `rnnzoo.layers.RECURRENT_LAYERS`.
        learning_rate: of Adam (Kingma & Ba 2015).
        clipnorm: the norm that the gradient of all weights together is clipped to
            (Pascanu et al. 2013), or `None`.
        label_smoothing: probability spread evenly over all tokens, see
            `rnnzoo.layers.SmoothedCrossentropy`.
        **settings: arguments of `Translator`.

    Returns:
        The compiled model; its weights come to be with `model.adapt(dataset)`.

    Raises:
        ValueError: if the learning rate is not positive, or an argument of `Translator`
            or of the loss is wrong.
    """
    check_positive_numbers(learning_rate=learning_rate)
    model = Translator(cell, **settings)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate, global_clipnorm=clipnorm),
        # Padding does not count.
        loss=SmoothedCrossentropy(label_smoothing, reduction="mean_with_sample_weight"),
        jit_compile=True,
    )
    return model


@recipe
def translation_simple_rnn(**settings) -> Translator:
    """Simple recurrent networks (Elman 1990), and one vector for the whole text."""
    return translation("simple_rnn", **{"attention": None, **settings})


@recipe
def translation_gru(**settings) -> Translator:
    """GRUs, and one vector for the whole text (Cho et al. 2014)."""
    return translation("gru", **{"attention": None, **settings})


@recipe
def translation_lstm(**settings) -> Translator:
    """LSTMs, and one vector for the whole text (Sutskever et al. 2014)."""
    return translation("lstm", **{"attention": None, **settings})


@recipe
def translation_gru_attention(**settings) -> Translator:
    """GRUs that look at the text while they write (Bahdanau et al. 2015).

    The decoder is the conditional GRU of Sennrich et al. 2017 (Nematus, arXiv
    1703.04357). With `conditional=False` its layers, one or more, have states of their
    own.
    """
    return translation("gru", **{**CONDITIONAL, **settings})


@recipe
def translation_lstm_attention(**settings) -> Translator:
    """The same with LSTMs, attention as in Bahdanau et al. 2015."""
    return translation("lstm", **{**CONDITIONAL, **settings})
