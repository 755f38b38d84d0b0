"""Raw text to tokens that keep their case, for what is said of each of them."""

import tensorflow as tf

# As the Penn Treebank parts them, whose ways treebanks and name corpora of English
# keep.
_REPLACEMENTS = (
    (r"[\x00\pZ\pC]+", " "),
    ("\u2019", "'"),  # a typographic apostrophe
    (r"\b((?:\pL\.)+\pL)\.", "\\1\x01"),  # the last dot of U.S. is none of a sentence
    # Numbers, abbreviations and words with hyphens or apostrophes stay whole.
    (r"([^\pL\pM\pN\x01'.,:\-\s])", r" \1 "),
    (r"(^|\s)([.,:'\-]+)", r"\1\2 "),
    (r"([.,:'\-]+)(\s|$)", r" \1 "),
    (r"(?i)(\pL)(n't|'(?:s|m|d|re|ve|ll))\b", r"\1 \2"),
    ("\x01", "."),
)


def as_utf8(texts: tf.Tensor) -> tf.Tensor:
    """Texts with U+FFFD for what is no UTF-8, so that an answer may hold them.

    Args:
        texts: string tensor of any shape.

    >>> as_utf8(tf.constant(b"a\\xff")).numpy().decode()
    'a\ufffd'
    """
    return tf.strings.unicode_transcode(texts, "UTF-8", "UTF-8")


def lower(texts: tf.Tensor) -> tf.Tensor:
    """Texts in lower case, of any script.

    Args:
        texts: string tensor of any shape, UTF-8.

    >>> lower(tf.constant("ÉTÉ")).numpy().decode()
    'été'
    """
    # TensorFlow would end the text at such a byte.
    texts = tf.strings.regex_replace(texts, r"\x00", " ")
    return tf.strings.lower(texts, encoding="utf-8")


def split_tokens(texts: tf.Tensor) -> tf.RaggedTensor:
    """Words and punctuation marks, as they are written.

    Args:
        texts: string tensor `(batch,)`, UTF-8.

    Returns:
        Ragged string tensor `(batch, None)`.

    >>> [t.decode() for t in split_tokens(tf.constant(["It isn't 3.5 km."]))[0].numpy()]
    ['It', 'is', "n't", '3.5', 'km', '.']
    """
    texts = as_utf8(texts)
    for pattern, replacement in _REPLACEMENTS:
        texts = tf.strings.regex_replace(texts, pattern, replacement)
    return tf.strings.split(texts)
