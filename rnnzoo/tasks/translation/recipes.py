"""Recipes for translation, or any other text for a text."""

from rnnzoo.registry import recipe
from rnnzoo.tasks.translation.model import Translator


@recipe(Translator, cell="simple_rnn", attention=None)
def translation_simple_rnn():
    """Translates with simple recurrent networks (Elman 1990) through one vector."""


@recipe(Translator, cell="gru", attention=None)
def translation_gru():
    """Translates with GRUs through one vector (Cho et al. 2014)."""


@recipe(Translator, cell="lstm", attention=None)
def translation_lstm():
    """Translates with LSTMs through one vector (Sutskever et al. 2014)."""


@recipe(Translator, cell="gru", decoder_layers=2, conditional=True)
def translation_gru_attention():
    """Translates with GRUs and attention (Bahdanau et al. 2015).

    The decoder is the conditional GRU of Sennrich et al. 2017 (Nematus, arXiv
    1703.04357). With `conditional=False` its layers have states of their own.
    """


@recipe(Translator, cell="lstm", decoder_layers=2, conditional=True)
def translation_lstm_attention():
    """Translates with LSTMs and attention (Bahdanau et al. 2015).

    The decoder is conditional, as in `translation_gru_attention`.
    """
