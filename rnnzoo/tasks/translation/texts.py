"""Texts and their translations: to ids, and back."""

from collections.abc import Sequence

import tensorflow as tf

from rnnzoo.data.batching import bucket_lengths
from rnnzoo.tasks.translation.batches import check_pairs, translation_batches, with_end
from rnnzoo.text.pieces import is_blank
from rnnzoo.text.tokens import lower
from rnnzoo.text.vocabularies import learn_vocabulary, make_vectorizer


class TranslationTexts(tf.Module):
    """Both sides of a translation, each with its vocabulary.

    Args:
        kind: what a token is, one of `VOCABULARIES`.
        source: the vocabulary of the source, see `learn_vocabulary`.
        target: that of the target.
        lowercase: whether all text is taken in lower case.
        longest_source: how many tokens of a source are read; the rest is left out.

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
            dataset: data set of `(text, translation)`, two scalar strings.
            kind: one of `VOCABULARIES`.
            size: how many ids there may be on each side.
            joint: whether one vocabulary is learned of both sides.
            lowercase: whether all text is taken in lower case.

        Raises:
            ValueError: if the data set holds something else, or no text, or `size`
                leaves no room.
        """
        check_pairs(dataset)
        dataset = dataset.map(_cased(lowercase))
        sides = [dataset.map(lambda *pair, i=i: pair[i]) for i in (0, 1)]
        if joint:
            sides = [sides[0].concatenate(sides[1])]
        learned = [learn_vocabulary(kind, side, size) for side in sides]
        return learned[0], learned[-1]

    def batches(
        self,
        dataset: tf.data.Dataset,
        *,
        batch_size: int,
        max_length: int,
        training: bool,
    ) -> tf.data.Dataset:
        """Pairs to what a model learns from, see `translation_batches`."""
        check_pairs(dataset)
        return translation_batches(
            dataset.map(_cased(self.lowercase)),
            self.source,
            self.target,
            batch_size=batch_size,
            # Most are short: coarser lengths would make a fifth of the work padding.
            lengths=bucket_lengths(max_length, shortest=8, growth=1.125, multiple=2),
            training=training,
        )

    def source_ids(self, texts: tf.Tensor) -> tf.Tensor:
        """Strings `(batch,)` to what is read, int32 `(batch, time)`, 0 for padding.

        Of a blank text nothing is read but the end token.
        """
        (texts,) = _cased(self.lowercase)(texts)
        ids = self.source.encode(texts)[:, : self.longest_source]
        # The blank before the first word would be a token of its own.
        lengths = ids.row_lengths() * tf.cast(~is_blank(texts), tf.int64)
        ids = with_end(tf.RaggedTensor.from_tensor(ids.to_tensor(), lengths))
        ids = ids.to_tensor()
        # Where there is no text there still is a step, so that layers can run.
        return tf.pad(ids, [[0, 0], [0, tf.cast(tf.shape(ids)[1] == 0, tf.int32)]])


def _cased(lowercase):
    def cased(*texts):
        return tuple(map(lower, texts)) if lowercase else texts

    return cased
