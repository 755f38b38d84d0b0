"""`TextVectorizer`: raw text to ids of words, in pipelines and exported graphs."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive
from rnnzoo.text.tokens import id_table, lower

_REPLACEMENTS = (
    (r"</?\pL[^<>]{0,20}>", " "),  # HTML tags
    ("\u2019", "'"),  # typographic apostrophe
    (r"([^\pL\pM\pN\pZ\pC'])", r" \1 "),  # other characters stand alone
    (r"(^|[\pZ\pC])'+", " "),  # opening single quotation marks
    (r"'+([\pZ\pC]|$)", " "),  # closing single quotation marks
    (r"[\pZ\pC]+", " "),
)


@keras.saving.register_keras_serializable("rnnzoo")
def standardize(texts: tf.Tensor) -> tf.Tensor:
    """Returns texts in lower case, without HTML tags, with blanks between tokens.

    A token is a word, that is a run of letters, marks and digits of any script with
    apostrophes inside, or any other character, such as punctuation or an emoji. Scripts
    without blanks between words give one word per run. Invalid UTF-8 becomes U+FFFD.

    Args:
        texts: String tensor of any shape, UTF-8.

    Returns:
        String tensor of the same shape; `tf.strings.split` gives the tokens.

    >>> standardize(tf.constant("C'était<br />BON!")).numpy().decode()
    "c'était bon ! "
    """
    texts = lower(texts)
    for pattern, replacement in _REPLACEMENTS:
        texts = tf.strings.regex_replace(texts, pattern, replacement)
    return texts


@keras.saving.register_keras_serializable("rnnzoo")
class TextVectorizer(keras.layers.Layer):
    """Turns texts into ids of words: 0 is padding, 1 is an unknown word.

    Args:
        vocabulary: Known words, most frequent first. Their ids start at 2.
        max_length: Largest number of tokens. Of a longer text the last ones are kept,
            since a verdict tends to be at the end.
        **kwargs: `name`, `trainable` of `keras.layers.Layer`.

    Input: string tensor `(batch,)`. Output: int32 tensor `(batch, time)`, padded on the
    right to the longest text, with at least one step.

    >>> vectorizer = TextVectorizer(["good", "film"], max_length=3)
    >>> vectorizer(tf.constant(["A good film", "Good", ""])).numpy().tolist()
    [[1, 2, 3], [2, 0, 0], [0, 0, 0]]
    """

    def __init__(self, vocabulary: Sequence[str], max_length: int, **kwargs):
        check_positive(max_length=max_length)
        super().__init__(**kwargs)
        self.vocabulary = list(vocabulary)
        self.max_length = max_length
        self._ids = id_table(self.vocabulary, unknown=1)

    @property
    def vocabulary_size(self) -> int:
        """Number of ids, including padding and the unknown word."""
        return len(self.vocabulary) + 2

    @staticmethod
    def learn_vocabulary(texts: tf.data.Dataset, size: int) -> list[str]:
        """Returns the most frequent words of a data set.

        Args:
            texts: Data set of scalar strings.
            size: Largest number of ids, including padding and the unknown word.

        Raises:
            ValueError: If the size has no room for a word, or there is no word.
        """
        if size < 3:
            raise ValueError(
                "`vocabulary_size` must be at least 3, for padding, the unknown word "
                f"and a known one; got {size}."
            )
        counter = keras.layers.TextVectorization(
            size, standardize=standardize, split="whitespace"
        )
        counter.adapt(texts.batch(256))
        words = [str(w) for w in counter.get_vocabulary(include_special_tokens=False)]
        if not words:
            raise ValueError("There is no word in the texts to learn a vocabulary of.")
        return words

    def ragged(self, texts: tf.Tensor) -> tf.RaggedTensor:
        """Returns int32 ids `(batch, None)` of strings `(batch,)`, without padding."""
        return self._all_ids(texts)[:, -self.max_length :]

    def call(self, texts):
        """Returns the ids of `ragged` padded, by operations that other engines have."""
        ids = self._all_ids(texts)
        counts = tf.math.unsorted_segment_sum(
            tf.ones_like(ids.values), ids.value_rowids(), tf.shape(texts)[0]
        )
        ends = tf.cumsum(counts)
        starts = ends - tf.minimum(counts, self.max_length)
        # A batch of empty texts has one masked step.
        time = tf.maximum(tf.reduce_max(ends - starts), 1)
        indices = starts[:, None] + tf.range(time)
        # Indices behind the last word of the batch read the appended 0.
        values = tf.concat([ids.values, [0]], axis=0)
        padded = tf.gather(values, tf.minimum(indices, tf.size(ids.values)))
        return tf.where(indices < ends[:, None], padded, 0)

    def _all_ids(self, texts):
        words = tf.strings.split(standardize(texts))
        return words.with_values(self._ids.lookup(words.values))

    def compute_output_spec(self, texts):
        return keras.KerasTensor((texts.shape[0], None), dtype="int32")

    def get_config(self):
        config = {"vocabulary": self.vocabulary, "max_length": self.max_length}
        return {**super().get_config(), **config}
