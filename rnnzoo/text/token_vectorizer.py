"""`TokenVectorizer`: tokens to ids of words and to their bytes."""

from collections import Counter
from collections.abc import Iterable, Sequence

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive
from rnnzoo.text.tokens import as_utf8, id_table, lower, split_tokens

_UNKNOWN = 1


def normalize(tokens: tf.Tensor) -> tf.Tensor:
    """Returns tokens in lower case with 0 for every digit.

    Args:
        tokens: String tensor of any shape, UTF-8.

    >>> normalize(tf.constant("Route-66")).numpy()
    b'route-00'
    """
    return tf.strings.regex_replace(lower(tokens), r"\pN", "0")


@keras.saving.register_keras_serializable("rnnzoo")
class TokenVectorizer(keras.layers.Layer):
    """Turns tokens into ids of words, and optionally into bytes.

    Args:
        vocabulary: Normalized words, most frequent first. Their ids start at 2; 0 is
            padding and 1 is an unknown word.
        word_length: Number of bytes of a word. Of a longer word, the first and the last
            half of them are kept. With 0, there are no bytes.
        **kwargs: `name`, `trainable` of `keras.layers.Layer`.

    Input: string tensor `(batch, time)`, "" for padding.

    Output: dictionary of `words`, int32 `(batch, time)`, and unless `word_length` is 0:
    `spellings`, int32 `(unique, word_length)`, the UTF-8 bytes of each unique token and
    of padding in row 0; `places`, int32 `(batch, time)`, the row of each token there.

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
        self._ids = id_table(self.vocabulary, _UNKNOWN)

    @property
    def vocabulary_size(self) -> int:
        """Number of ids, including padding and the unknown word."""
        return len(self.vocabulary) + 2

    @staticmethod
    def learn_vocabulary(sentences: Iterable[Sequence[str]], size: int) -> list[str]:
        """Returns the most frequent words of sentences, normalized.

        Args:
            sentences: Tokens of each sentence.
            size: Largest number of ids, including padding and the unknown word.
        """
        tokens = Counter(token for sentence in sentences for token in sentence)
        forms = normalize(tf.constant(list(tokens), tf.string)).numpy()
        counts = Counter()
        for form, count in zip(forms, tokens.values(), strict=True):
            counts[form.decode("utf-8", "replace")] += count
        # Ties are sorted by name, so that the order of the sentences does not matter.
        ranked = sorted(counts, key=lambda word: (-counts[word], word))
        return ranked[: max(size - 2, 0)]

    def call(self, tokens):
        words, spelled = self.encode(tokens)
        if not self.word_length:
            return {"words": words}
        return {"words": words, **self.spell(spelled)}

    def encode(self, tokens: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns the ids of tokens, and the tokens cut to `word_length` bytes.

        Args:
            tokens: String tensor of any shape, UTF-8.

        Returns:
            int32 tensor and string tensor, both of that shape.
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
        unique, places = tf.unique(flat)
        values = tf.io.decode_raw(unique, tf.uint8, fixed_length=self.word_length)
        return {
            "spellings": tf.cast(values, tf.int32),
            "places": tf.reshape(places[1:], tf.shape(spelled)),
        }

    def split(self, texts: tf.Tensor) -> tf.RaggedTensor:
        """Returns the tokens of raw texts, as `split_tokens` does.

        Words of the vocabulary are not split, since corpora differ in "I'd" and "St.".

        Args:
            texts: String tensor `(batch,)`, UTF-8.

        Returns:
            Ragged string tensor `(batch, None)`.

        >>> TokenVectorizer(["i'd"]).split(tf.constant(["I'd say he'd go."])).to_list()
        [[b"I'd", b'say', b'he', b"'d", b'go', b'.']]
        """
        chunks = tf.strings.split(as_utf8(texts))
        is_known = self._ids.lookup(normalize(chunks.values)) != _UNKNOWN
        split = tf.strings.reduce_join(split_tokens(chunks.values), 1, separator=" ")
        chunks = chunks.with_values(tf.where(is_known, chunks.values, split))
        return tf.strings.split(tf.strings.reduce_join(chunks, 1, separator=" "))

    def compute_output_spec(self, tokens):
        shapes = {"words": tokens.shape}
        if self.word_length:
            shapes["spellings"] = (None, self.word_length)
            shapes["places"] = tokens.shape
        return {k: keras.KerasTensor(v, dtype="int32") for k, v in shapes.items()}

    def get_config(self):
        config = {"vocabulary": self.vocabulary, "word_length": self.word_length}
        return {**super().get_config(), **config}
