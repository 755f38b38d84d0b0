"""From raw text to padded batches of ids."""

from rnnzoo.text.batches import (
    bucket_lengths,
    check_labels,
    like_lengths,
    padded_batches,
    text_examples,
)
from rnnzoo.text.last_tokens import LastTokens
from rnnzoo.text.pieces import BEGIN, END
from rnnzoo.text.subword_vectorizer import SubwordVectorizer
from rnnzoo.text.tagged_sentences import (
    Lexicon,
    Sentence,
    check_tagged,
    most_frequent_tags,
    read_sentences,
    sentence_dataset,
)
from rnnzoo.text.token_vectorizer import TokenVectorizer
from rnnzoo.text.tokens import as_utf8, lower, split_tokens
from rnnzoo.text.translation_batches import check_pairs, translation_batches
from rnnzoo.text.translation_texts import TranslationTexts
from rnnzoo.text.unit_vectorizer import UnitVectorizer
from rnnzoo.text.vectorizer import TextVectorizer, standardize
from rnnzoo.text.vocabularies import VOCABULARIES, learn_vocabulary, make_vectorizer
from rnnzoo.text.word_vectors import read_word_vectors, with_vectors

__all__ = [
    "BEGIN",
    "END",
    "VOCABULARIES",
    "LastTokens",
    "Lexicon",
    "Sentence",
    "SubwordVectorizer",
    "TextVectorizer",
    "TokenVectorizer",
    "TranslationTexts",
    "UnitVectorizer",
    "as_utf8",
    "bucket_lengths",
    "check_labels",
    "check_pairs",
    "check_tagged",
    "learn_vocabulary",
    "like_lengths",
    "lower",
    "make_vectorizer",
    "most_frequent_tags",
    "padded_batches",
    "read_sentences",
    "read_word_vectors",
    "sentence_dataset",
    "split_tokens",
    "standardize",
    "text_examples",
    "translation_batches",
    "with_vectors",
]
