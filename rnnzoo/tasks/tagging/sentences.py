"""Sentences whose words have tags: reading them, and numbers for their names."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import tensorflow as tf

from rnnzoo.data.column_files import check_sentence
from rnnzoo.data.examples import Column, as_examples
from rnnzoo.text.token_vectorizer import TokenVectorizer

# A raw example, the last column where sentences have a label.
COLUMNS = Column("tokens", rank=1), Column("tags", rank=1), Column("intent")


class Sentence(NamedTuple):
    """The tokens of a sentence, their tags, and its label if it has one."""

    tokens: list[str]
    tags: list[str]
    intent: str | None = None


def read_sentences(dataset: tf.data.Dataset, intent: bool = False) -> list[Sentence]:
    """Reads a data set into memory and checks it.

    Args:
        dataset: Data set of `(tokens, tags)`, string vectors `(time,)`, and with
            `intent` of a third, a string scalar.
        intent: Whether there is that third.

    Raises:
        ValueError: If a sentence has not as many tags as tokens, or an empty token, or
            there is no token at all.
    """
    sentences = []
    for number, (tokens, tags, *label) in enumerate(dataset.as_numpy_iterator()):
        tokens, tags = map(_decoded, (tokens, tags))
        check_sentence(tokens, tags, f"Sentence {number}, from 0,")
        label = label[0].decode("utf-8", "replace") if intent else None
        sentences.append(Sentence(tokens, tags, label))
    if not any(sentence.tokens for sentence in sentences):
        raise ValueError(
            "`dataset` must have a word at least, and its sentences have none."
        )
    return sentences


def _decoded(texts):
    return [text.decode("utf-8", "replace") for text in texts]


def sentence_dataset(sentences: Sequence[Sentence]) -> tf.data.Dataset:
    """A data set of `(tokens, tags)`, or `(tokens, tags, intent)` if they have intents.

    >>> sentence_dataset([Sentence(["Hi"], ["INTJ"])]).element_spec[0].shape
    TensorShape([None])
    """
    tokens, tags, intents = zip(*sentences, strict=True)
    if intents[0] is None:
        return as_examples(tokens, tags, columns=COLUMNS[:2])
    return as_examples(tokens, (tags, intents), columns=COLUMNS)


class Lexicon:
    """Names that a tagger knows: words, tags, and labels of sentences.

    Args:
        vocabulary: The words, normalized, most frequent first.
        tags: The tags.
        intents: The labels of sentences, or `None`.
    """

    def __init__(
        self,
        vocabulary: Sequence[str],
        tags: Sequence[str],
        intents: Sequence[str] | None = None,
    ):
        self.vocabulary = list(vocabulary)
        self.tags = list(tags)
        self.intents = None if intents is None else list(intents)
        self.tag_ids = _table(self.tags)
        self.intent_ids = _table(self.intents or [""])

    @staticmethod
    def learn(sentences: Sequence[Sentence], size: int) -> dict[str, list[str] | None]:
        """Returns the arguments of a `Lexicon` of the names in sentences.

        Args:
            sentences: Tagged sentences.
            size: Number of ids that words may have, see `TokenVectorizer`.
        """
        words = TokenVectorizer.learn_vocabulary((s.tokens for s in sentences), size)
        intents = sorted({s.intent for s in sentences} - {None})
        tags = by_count(tag for s in sentences for tag in s.tags)
        return {"vocabulary": words, "tags": tags, "intents": intents or None}


def by_count(names: Iterable[str]) -> list[str]:
    """Returns the different names by frequency, then in alphabetical order."""
    counts = Counter(names)
    return sorted(counts, key=lambda name: (-counts[name], name))


def _table(names):
    """Returns the look-up from names to numbers, -1 for an unknown name."""
    numbers = tf.range(len(names), dtype=tf.int32)
    pairs = tf.lookup.KeyValueTensorInitializer(tf.constant(names), numbers)
    return tf.lookup.StaticHashTable(pairs, default_value=-1).lookup


def most_frequent_tags(
    train: Sequence[Sentence], sentences: Sequence[Sequence[str]]
) -> list[list[str]]:
    """Tags each word as it is tagged most often: what a model has to beat.

    Args:
        train: sentences to count in.
        sentences: words to tag; one that was never seen gets the commonest tag of all.

    >>> train = [Sentence(["the", "run"], ["DET", "NOUN"])]
    >>> most_frequent_tags(train, [["the", "the", "the", "zoo"]])
    [['DET', 'DET', 'DET', 'DET']]
    """
    counts: dict[str, Counter] = {}
    for sentence in train:
        for token, tag in zip(sentence.tokens, sentence.tags, strict=True):
            counts.setdefault(token, Counter())[tag] += 1
    best = {token: by_count(tags.elements())[0] for token, tags in counts.items()}
    commonest = by_count(tag for s in train for tag in s.tags)[0]
    return [[best.get(token, commonest) for token in tokens] for tokens in sentences]
