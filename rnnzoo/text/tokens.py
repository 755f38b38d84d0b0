"""Raw text to tokens that keep their case, for per-token models."""

from collections.abc import Sequence

import tensorflow as tf

# The tokenization of the Penn Treebank, which most English corpora follow.
_REPLACEMENTS = (
    (r"[\x00\pZ\pC]+", " "),
    ("\u2019", "'"),  # Typographic apostrophe.
    (r"\b((?:\pL\.)+\pL)\.", "\\1\x01"),  # The last dot of U.S. ends no sentence.
    # Numbers, abbreviations and words with hyphens or apostrophes stay whole.
    (r"([^\pL\pM\pN\x01'.,:\-\s])", r" \1 "),
    (r"(^|\s)([.,:'\-]+)", r"\1\2 "),
    (r"([.,:'\-]+)(\s|$)", r" \1 "),
    (r"(?i)(\pL)(n't|'(?:s|m|d|re|ve|ll))\b", r"\1 \2"),
    ("\x01", "."),
)


def as_utf8(texts: tf.Tensor) -> tf.Tensor:
    """Returns texts with U+FFFD for invalid UTF-8.

    Args:
        texts: String tensor of any shape.

    >>> as_utf8(tf.constant(b"a\\xff")).numpy().decode()
    'a\ufffd'
    """
    return tf.strings.unicode_transcode(texts, "UTF-8", "UTF-8")


def lower(texts: tf.Tensor) -> tf.Tensor:
    """Returns texts of any script in lower case.

    Args:
        texts: String tensor of any shape, UTF-8.

    >>> lower(tf.constant("ÉTÉ")).numpy().decode()
    'été'
    """
    # TensorFlow would cut the text at a zero byte.
    texts = tf.strings.regex_replace(texts, r"\x00", " ")
    return tf.strings.lower(texts, encoding="utf-8")


def split_tokens(texts: tf.Tensor) -> tf.RaggedTensor:
    """Returns the words and punctuation marks of texts.

    Args:
        texts: String tensor `(batch,)`, UTF-8.

    Returns:
        Ragged string tensor `(batch, None)`.

    >>> [t.decode() for t in split_tokens(tf.constant(["It isn't 3.5 km."]))[0].numpy()]
    ['It', 'is', "n't", '3.5', 'km', '.']
    """
    texts = as_utf8(texts)
    for pattern, replacement in _REPLACEMENTS:
        texts = tf.strings.regex_replace(texts, pattern, replacement)
    return tf.strings.split(texts)


def id_table(entries: Sequence[str], unknown: int) -> tf.lookup.StaticHashTable:
    """Returns a table from strings to int32 ids.

    Args:
        entries: Known strings. Their ids follow `unknown`.
        unknown: Id of all other strings, except "" with id 0.

    >>> id_table(["a", "b"], unknown=1).lookup(tf.constant(["b", "x", ""])).numpy()
    array([3, 1, 0], dtype=int32)
    """
    ids = [0, *range(unknown + 1, unknown + 1 + len(entries))]
    initializer = tf.lookup.KeyValueTensorInitializer(
        tf.constant(["", *entries]), tf.constant(ids, tf.int32)
    )
    return tf.lookup.StaticHashTable(initializer, default_value=unknown)
