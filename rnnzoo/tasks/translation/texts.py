"""Conversion of texts and translations to ids and back."""

from collections.abc import Sequence

import tensorflow as tf

from rnnzoo.text.pieces import BEGIN, END, PADDING, is_blank
from rnnzoo.text.tokens import lower
from rnnzoo.text.vocabularies import learn_vocabulary, make_vectorizer


class TranslationTexts(tf.Module):
    """Vectorizers of both sides of a translation.

    Args:
        kind: Kind of the tokens, one of `VOCABULARIES`.
        source: Vocabulary of the source, see `learn_vocabulary`.
        target: Vocabulary of the target.
        lowercase: Whether to convert all text to lower case.
        longest_source: Maximum number of tokens of a source; the rest is ignored.

    >>> sides = {"source": [" ", "a"], "target": [" ", "b"]}
    >>> texts = TranslationTexts("character", lowercase=True, longest_source=4, **sides)
    >>> texts.source_ids(tf.constant(["AA", "aaaa"])).numpy().tolist()
    [[4, 5, 5, 2, 0], [4, 5, 5, 5, 2]]
    """

    def __init__(
        self,
        kind: str,
        source: Sequence,
        target: Sequence,
        *,
        lowercase: bool,
        longest_source: int,
    ):
        super().__init__()
        self.source = make_vectorizer(kind, source, "source_vocabulary")
        self.target = make_vectorizer(kind, target, "target_vocabulary")
        self.lowercase = lowercase
        self.longest_source = longest_source

    @staticmethod
    def learn(
        dataset: tf.data.Dataset, kind: str, size: int, *, joint: bool, lowercase: bool
    ) -> tuple[list, list]:
        """Learns the vocabularies of source and target.

        Args:
            dataset: Data set of `(text, translation)`, two string scalars.
            kind: One of `VOCABULARIES`.
            size: Maximum number of ids of each side.
            joint: Whether to learn one vocabulary for both sides.
            lowercase: Whether to convert all text to lower case.

        Raises:
            ValueError: If the data set has other elements or no text, or `size` leaves
                no room.
        """
        cased = _cased(lowercase)
        dataset = dataset.map(lambda *example: cased(*example[:2]))
        sides = [dataset.map(lambda *pair, i=i: pair[i]) for i in (0, 1)]
        if joint:
            sides = [sides[0].concatenate(sides[1])]
        learned = [learn_vocabulary(kind, side, size) for side in sides]
        return learned[0], learned[-1]

    def source_ids(self, texts: tf.Tensor) -> tf.Tensor:
        """Returns the ids of sources, int32 `(batch, time)`, 0 for padding.

        A blank text has the end token alone.
        """
        (texts,) = _cased(self.lowercase)(texts)
        ids = self.source.encode(texts)[:, : self.longest_source]
        # Otherwise the blank before the first word would be a token.
        lengths = ids.row_lengths() * tf.cast(~is_blank(texts), tf.int64)
        ids = with_end(tf.RaggedTensor.from_tensor(ids.to_tensor(), lengths))
        ids = ids.to_tensor()
        # The layers need a step, even for an empty batch.
        return tf.pad(ids, [[0, 0], [0, tf.cast(tf.shape(ids)[1] == 0, tf.int32)]])


def encode_pairs(
    texts: TranslationTexts, sources: tf.Tensor, targets: tf.Tensor, max_length: int
) -> tuple[tf.RaggedTensor, tf.RaggedTensor, tf.RaggedTensor]:
    """Returns the ids of texts and of their translations.

    Args:
        texts: Texts to ids.
        sources: String `(batch,)`.
        targets: String `(batch,)`. A pair with a blank side has no answers.
        max_length: Number of tokens that are kept; a source is cut before its end
            token, as when it is translated.

    Returns:
        int32 ids `(batch, None)`: of the source; of the target after the begin token;
        and the answers, the target ended by the end token, the next token of each step.
    """
    sources, targets = _cased(texts.lowercase)(sources, targets)
    target = texts.target.encode(targets)
    begin = tf.fill([tf.shape(targets)[0], 1], BEGIN)
    answers = with_end(target)
    is_pair = ~(is_blank(sources) | is_blank(targets))
    counts = tf.gather(is_pair, answers.value_rowids())
    answers = answers.with_values(tf.where(counts, answers.values, PADDING))
    return (
        with_end(texts.source.encode(sources)[:, : max_length - 1]),
        tf.concat([begin, target], axis=1)[:, :max_length],
        answers[:, :max_length],
    )


def with_end(ids: tf.RaggedTensor) -> tf.RaggedTensor:
    """Returns the ids of texts and the end token, so that none is empty."""
    end = tf.fill([ids.nrows(out_type=tf.int32), 1], END)
    return tf.concat([ids, end], axis=1)


def _cased(lowercase):
    def cased(*texts):
        return tuple(map(lower, texts)) if lowercase else texts

    return cased
