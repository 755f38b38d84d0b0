"""Raw text to ids, in the input pipeline and in the exported graph alike."""

from collections.abc import Sequence

import keras
import tensorflow as tf

from rnnzoo.checks import check_positive
from rnnzoo.text.tokens import lower

_REPLACEMENTS = (
    (r"</?\pL[^<>]{0,20}>", " "),  # HTML tags
    ("\u2019", "'"),  # a typographic apostrophe
    (r"([^\pL\pM\pN\pZ\pC'])", r" \1 "),  # what is no word stands alone
    (r"(^|[\pZ\pC])'+", " "),  # single quotation marks, opening
    (r"'+([\pZ\pC]|$)", " "),  # and closing
    (r"[\pZ\pC]+", " "),
)


@keras.saving.register_keras_serializable("rnnzoo")
def standardize(texts: tf.Tensor) -> tf.Tensor:
    """Lower case, no HTML tags, and blanks around everything that is no word.

    Words are runs of letters, marks and digits of any script, with apostrophes
    inside them; every other character (punctuation, an emoji) becomes a token of its
    own. Scripts without blanks between words give one long word a run. Bytes that are
    no UTF-8 become U+FFFD, the replacement character.

    Args:
        texts: string tensor of any shape, UTF-8.

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
    """Turns texts into ids: 0 is padding, 1 a word that is not in the vocabulary.

    Args:
        vocabulary: the known words, most frequent first; the first has id 2.
        max_length: how many tokens of a text are used; of a longer one the last,
            since a verdict tends to stand at the end.
        **kwargs: `name`, `trainable` of `keras.layers.Layer`.

    Input: string tensor `(batch,)`. Output: int32 tensor `(batch, time)`, padded
    on the right to the longest text, and at least one step long.

    >>> vectorizer = TextVectorizer(["good", "film"], max_length=3)
    >>> vectorizer(tf.constant(["A good film", "Good", ""])).numpy().tolist()
    [[1, 2, 3], [2, 0, 0], [0, 0, 0]]
    """

    def __init__(self, vocabulary: Sequence[str], max_length: int, **kwargs):
        check_positive(max_length=max_length)
        super().__init__(**kwargs)
        self.vocabulary = list(vocabulary)
        self.max_length = max_length
        ids = tf.range(2, self.vocabulary_size, dtype=tf.int32)
        words = tf.constant(self.vocabulary, tf.string)
        self._ids = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(words, ids), default_value=1
        )

    @property
    def vocabulary_size(self) -> int:
        """Number of ids, padding and unknown word included."""
        return len(self.vocabulary) + 2

    @staticmethod
    def learn_vocabulary(texts: tf.data.Dataset, size: int) -> list[str]:
        """Returns the most frequent words of a data set.

        Args:
            texts: data set of scalar string tensors.
            size: how many ids there may be, padding and unknown word included.

        Raises:
            ValueError: if that leaves room for no word, or there is none.
        """
        if size < 3:
            raise ValueError(
                "`vocabulary_size` must be at least 3, for padding, for unknown words "
                f"and for one that is known; got {size}."
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
        """The ids without padding: string `(batch,)` to int32 `(batch, None)`."""
        return self._all_ids(texts)[:, -self.max_length :]

    def call(self, texts):
        """What `ragged` gives, padded: by operations that other engines know, too."""
        ids = self._all_ids(texts)
        counts = tf.math.unsorted_segment_sum(
            tf.ones_like(ids.values), ids.value_rowids(), tf.shape(texts)[0]
        )
        ends = tf.cumsum(counts)
        starts = ends - tf.minimum(counts, self.max_length)
        # A batch of empty texts still has one, masked, step.
        time = tf.maximum(tf.reduce_max(ends - starts), 1)
        places = starts[:, None] + tf.range(time)
        # What lies behind the last word of all.
        values = tf.concat([ids.values, [0]], axis=0)
        found = tf.gather(values, tf.minimum(places, tf.size(ids.values)))
        return tf.where(places < ends[:, None], found, 0)

    def _all_ids(self, texts):
        words = tf.strings.split(standardize(texts))
        return words.with_values(self._ids.lookup(words.values))

    def compute_output_spec(self, texts):
        return keras.KerasTensor((texts.shape[0], None), dtype="int32")

    def get_config(self):
        return {
            **super().get_config(),
            "vocabulary": self.vocabulary,
            "max_length": self.max_length,
        }
