"""Tokens to the ids of words and to the bytes that spell them."""

from collections import Counter
from collections.abc import Iterable, Sequence

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive
from rnnzoo.text.tokens import as_utf8, lower, split_tokens

_UNKNOWN = 1


def normalize(tokens: tf.Tensor) -> tf.Tensor:
    """Lower case, and 0 for every digit: "Route-66" and "ROUTE-99" are one word.

    Args:
        tokens: string tensor of any shape, UTF-8.

    >>> normalize(tf.constant("Route-66")).numpy()
    b'route-00'
    """
    return tf.strings.regex_replace(lower(tokens), r"\pN", "0")


@keras.saving.register_keras_serializable("rnnzoo")
class TokenVectorizer(keras.layers.Layer):
    """Turns tokens into ids of words, and into bytes where a model reads these.

    Args:
        vocabulary: the known words, normalized, most frequent first; the first has id
            2. 0 is padding, 1 a word that is not among them.
        word_length: how many bytes of a word are given; of a longer word the first and
            the last half of so many. With 0, none are.
        **kwargs: `name`, `trainable` of `keras.layers.Layer`.

    Input: string tensor `(batch, time)`, "" for padding. Output: a dictionary of
    `words`, int32 `(batch, time)`, and, where `word_length` is not 0, of each different
    token once `spellings`, int32 `(different, word_length)`: the bytes in UTF-8, case
    as it is, 0 for padding; and `places`, int32 `(batch, time)`: which row of these
    spells a token. Row 0 is padding.

    >>> vectorizer = TokenVectorizer(["bonn"], word_length=4)
    >>> ids = vectorizer(tf.constant([["Bonn", "is", "Bonn", ""]]))
    >>> ids["words"].numpy().tolist(), ids["places"].numpy().tolist()
    ([[2, 1, 2, 0]], [[1, 2, 1, 0]])
    >>> ids["spellings"].numpy().tolist()
    [[0, 0, 0, 0], [66, 111, 110, 110], [105, 115, 0, 0]]
    """

    def __init__(self, vocabulary: Sequence[str], word_length: int = 0, **kwargs):
        if word_length:
            check_positive(word_length=word_length)
        super().__init__(**kwargs)
        self.vocabulary = list(vocabulary)
        self.word_length = word_length
        words = tf.constant(["", *self.vocabulary], tf.string)
        ids = tf.constant([0, *range(2, self.vocabulary_size)], tf.int32)
        self._ids = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(words, ids), default_value=_UNKNOWN
        )

    @property
    def vocabulary_size(self) -> int:
        """Number of ids, padding and unknown word included."""
        return len(self.vocabulary) + 2

    @staticmethod
    def learn_vocabulary(sentences: Iterable[Sequence[str]], size: int) -> list[str]:
        """Returns the most frequent words of tokenised sentences, normalized.

        Args:
            sentences: the tokens of each.
            size: how many ids there may be, padding and unknown word included.
        """
        tokens = Counter(token for sentence in sentences for token in sentence)
        forms = normalize(tf.constant(list(tokens), tf.string)).numpy()
        counts = Counter()
        for form, count in zip(forms, tokens.values(), strict=True):
            counts[form.decode("utf-8", "replace")] += count
        # By count, then by the alphabet: the same whatever the order of sentences.
        ranked = sorted(counts, key=lambda word: (-counts[word], word))
        return ranked[: max(size - 2, 0)]

    def call(self, tokens):
        words, spelled = self.encode(tokens)
        if not self.word_length:
            return {"words": words}
        return {"words": words, **self.spell(spelled)}

    def encode(self, tokens: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns the ids of tokens, and the bytes of each that are read.

        Args:
            tokens: String tensor of any shape, UTF-8.

        Returns:
            int32 tensor of that shape, and string tensor of that shape: tokens of at
            most `word_length` bytes.
        """
        half = self.word_length // 2
        ends = rf"(?s)^(\C{{{self.word_length - half}}})\C+(\C{{{half}}})$"
        spelled = tf.strings.regex_replace(tokens, ends, r"\1\2")
        return self._ids.lookup(normalize(tokens)), spelled

    def spell(self, spelled: tf.Tensor) -> dict[str, tf.Tensor]:
        """Returns `spellings` and `places` for the bytes that `encode` returns.

        Args:
            spelled: String tensor `(batch, time)`, "" for padding.
        """
        flat = tf.concat([[""], tf.reshape(spelled, [-1])], axis=0)
        different, places = tf.unique(flat)
        values = tf.io.decode_raw(different, tf.uint8, fixed_length=self.word_length)
        return {
            "spellings": tf.cast(values, tf.int32),
            "places": tf.reshape(places[1:], tf.shape(spelled)),
        }

    def split(self, texts: tf.Tensor) -> tf.RaggedTensor:
        """Raw texts to tokens, as `split_tokens` parts them.

        But what the vocabulary has whole stays whole: every corpus parts words in a way
        of its own, "I'd" and "St." in one or in two.

        Args:
            texts: string tensor `(batch,)`, UTF-8.

        Returns:
            Ragged string tensor `(batch, None)`.

        >>> TokenVectorizer(["i'd"]).split(tf.constant(["I'd say he'd go."])).to_list()
        [[b"I'd", b'say', b'he', b"'d", b'go', b'.']]
        """
        chunks = tf.strings.split(as_utf8(texts))
        is_known = self._ids.lookup(normalize(chunks.values)) != _UNKNOWN
        parted = tf.strings.reduce_join(split_tokens(chunks.values), 1, separator=" ")
        chunks = chunks.with_values(tf.where(is_known, chunks.values, parted))
        return tf.strings.split(tf.strings.reduce_join(chunks, 1, separator=" "))

    def compute_output_spec(self, tokens):
        shape = tuple(tokens.shape)
        spec = {"words": keras.KerasTensor(shape, dtype="int32")}
        if self.word_length:
            spec["spellings"] = keras.KerasTensor(
                (None, self.word_length), dtype="int32"
            )
            spec["places"] = keras.KerasTensor(shape, dtype="int32")
        return spec

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary": self.vocabulary,
            "word_length": self.word_length,
        }
