"""Pairs of texts to batches of what is read, what is written, and what comes next."""

import tensorflow as tf

from rnnzoo.data.batching import like_lengths
from rnnzoo.text.pieces import BEGIN, END, PADDING, is_blank


def check_pairs(dataset: tf.data.Dataset) -> None:
    """Raises a ValueError for what is no data set of pairs of scalar strings."""
    spec = getattr(dataset, "element_spec", None)
    is_pair = isinstance(spec, tuple) and len(spec) == 2
    if not is_pair or any(part != tf.TensorSpec([], tf.string) for part in spec):
        raise ValueError(
            "`dataset` must be a tf.data.Dataset of (text, translation), two scalar "
            f"strings, not batched (`dataset.unbatch()`); got "
            f"{spec or type(dataset).__name__}."
        )


def translation_batches(
    dataset: tf.data.Dataset,
    source_vectorizer,
    target_vectorizer,
    *,
    batch_size: int,
    lengths: list[int],
    training: bool,
) -> tf.data.Dataset:
    """Makes the batches of a `Translator`.

    Args:
        dataset: data set of pairs of scalar strings, the text and its translation; a
            pair with a blank one does not count.
        source_vectorizer: texts to ids, see `SubwordVectorizer`.
        target_vectorizer: translations to ids.
        batch_size: number of rows of every batch.
        lengths: what both are padded to, rising; what is longer than the last is cut,
            a source before its end token, as when it is translated.
        training: whether the examples are shuffled, anew for every epoch.

    Returns:
        Data set of `(ids, answers, weights)`: `source` and `target`, int32
        `(batch_size, time)`, the target after the begin token; the same ended by the
        end token, which is what comes next at each step; and float32 weights of that
        shape, 0 where there is nothing, and for all of a pair that does not count.
    """

    def numbered(sources, targets):
        target = target_vectorizer.encode(targets)
        begin = tf.fill([tf.shape(targets)[0], 1], BEGIN)
        answers = with_end(target)
        is_pair = ~(is_blank(sources) | is_blank(targets))
        counts = tf.gather(is_pair, answers.value_rowids())
        answers = answers.with_values(tf.where(counts, answers.values, PADDING))
        return (
            with_end(source_vectorizer.encode(sources)[:, : lengths[-1] - 1]),
            tf.concat([begin, target], axis=1)[:, : lengths[-1]],
            answers[:, : lengths[-1]],
        )

    def arranged(source, target, answers, rows):
        weights = rows[:, None] * tf.cast(answers != 0, tf.float32)
        return {"source": source, "target": target}, answers, weights

    batches = like_lengths(dataset, numbered, batch_size, lengths, training)
    return batches.map(arranged, num_parallel_calls=tf.data.AUTOTUNE)


def with_end(ids: tf.RaggedTensor) -> tf.RaggedTensor:
    """The ids of texts and the end token, so that none is empty."""
    end = tf.fill([ids.nrows(out_type=tf.int32), 1], END)
    return tf.concat([ids, end], axis=1)
