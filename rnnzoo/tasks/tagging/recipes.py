"""Recipes for a tag for each word: parts of speech, names, slots."""

from rnnzoo.registry import recipe
from rnnzoo.tasks.tagging.model import Tagger


@recipe(Tagger, cell="simple_rnn")
def tagging_simple_rnn():
    """Tags words with a simple recurrent network (Elman 1990)."""


@recipe(Tagger, cell="gru")
def tagging_gru():
    """Tags words with a GRU (Cho et al. 2014)."""


@recipe(Tagger, cell="lstm")
def tagging_lstm():
    """Tags words with an LSTM (Hochreiter & Schmidhuber 1997)."""


@recipe(Tagger, cell="lstm", bidirectional=True)
def tagging_bilstm():
    """Tags words with an LSTM in both directions (Graves & Schmidhuber 2005)."""


@recipe(Tagger, cell="lstm", bidirectional=True, crf=True)
def tagging_bilstm_crf():
    """Tags words with a bidirectional LSTM and a CRF (Huang et al. 2015)."""


@recipe(Tagger, cell="lstm", bidirectional=True, word_length=12)
def tagging_char_bilstm():
    """Tags words, read by their spelling too, with a bidirectional LSTM.

    (Ling et al. 2015.) Spelling helps with words that are not in the training data.
    """


@recipe(Tagger, cell="lstm", bidirectional=True, word_length=12, crf=True)
def tagging_char_bilstm_crf():
    """Tags words by their spelling, in both directions, with a CRF.

    (Lample et al. 2016, arXiv 1603.01360.)
    """
