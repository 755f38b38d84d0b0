"""Named recipes: models with settings that were proven.

>>> from rnnzoo.recipes import list_recipes
>>> list_recipes("sentiment_*rnn")
['sentiment_simple_rnn']
"""

from rnnzoo.registry import build_recipe, list_recipes
from rnnzoo.tasks.classification.recipes import (
    sentiment_bag_of_words,
    sentiment_bilstm,
    sentiment_gru,
    sentiment_lstm,
    sentiment_lstm_with_word_counts,
    sentiment_simple_rnn,
)
from rnnzoo.tasks.tagging.recipes import (
    tagging_bilstm,
    tagging_bilstm_crf,
    tagging_char_bilstm,
    tagging_char_bilstm_crf,
    tagging_gru,
    tagging_lstm,
    tagging_simple_rnn,
)
from rnnzoo.tasks.translation.recipes import (
    translation_gru,
    translation_gru_attention,
    translation_lstm,
    translation_lstm_attention,
    translation_simple_rnn,
)

__all__ = [
    "build_recipe",
    "list_recipes",
    "sentiment_bag_of_words",
    "sentiment_bilstm",
    "sentiment_gru",
    "sentiment_lstm",
    "sentiment_lstm_with_word_counts",
    "sentiment_simple_rnn",
    "tagging_bilstm",
    "tagging_bilstm_crf",
    "tagging_char_bilstm",
    "tagging_char_bilstm_crf",
    "tagging_gru",
    "tagging_lstm",
    "tagging_simple_rnn",
    "translation_gru",
    "translation_gru_attention",
    "translation_lstm",
    "translation_lstm_attention",
    "translation_simple_rnn",
]
