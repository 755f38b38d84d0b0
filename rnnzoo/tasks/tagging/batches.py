"""Tagged sentences to batches of ids, tags and weights."""

import tensorflow as tf

from rnnzoo.data.batching import bucket_lengths, like_lengths
from rnnzoo.tasks.tagging.network import INTENT, TAGS
from rnnzoo.tasks.tagging.sentences import Lexicon, check_tagged
from rnnzoo.text import TokenVectorizer


def tag_batches(
    dataset: tf.data.Dataset,
    vectorizer: TokenVectorizer,
    lexicon: Lexicon,
    *,
    max_length: int,
    batch_size: int,
    crf: bool,
    training: bool,
) -> tf.data.Dataset:
    """Makes the batches of a `Tagger`, see its `pipeline`.

    Args:
        dataset: data set of `(tokens, tags)`, or, where the lexicon has intents, of
            `(tokens, tags, intent)`.
        vectorizer: tokens to ids.
        lexicon: tags and intents to their numbers.
        max_length: how many words of a sentence are kept.
        batch_size: number of rows of every batch.
        crf: whether the loss weighs sentences, as that of a CRF does, or words.
        training: whether the examples are shuffled, anew for every epoch.

    Returns:
        Data set of `(ids, answers, weights)`: int32 ids by name; int32 tags
        `(batch_size, time)`, or a dictionary of these and of intents `(batch_size,)`;
        float32 weights in the same structure. A sentence with an unknown tag or intent
        has weight 0.
    """
    names = (TAGS,) if lexicon.intents is None else (TAGS, INTENT)
    check_tagged(dataset, lexicon.intents is not None)

    def numbered(tokens, tags, *intent):
        tokens, tags = map(_ragged, (tokens, tags))
        words, tagged = tokens.row_lengths(), tags.row_lengths()
        message = "Each word needs one tag; a sentence has more or fewer tags."
        tf.debugging.assert_equal(words, tagged, message)
        tags = tags.with_flat_values(lexicon.tag_ids(tags.flat_values))
        parts = tokens[:, :max_length], tags[:, :max_length]
        return *parts, *map(lexicon.intent_ids, intent)

    def arranged(tokens, *columns):
        *columns, rows = columns  # the weight of each row comes last
        ids = vectorizer(tokens)
        if "spellings" in ids:
            ids["spellings"] = _one_of_two_sizes(ids["spellings"], tf.size(tokens))
        answers = dict(zip(names, columns, strict=True))
        for numbers in answers.values():
            known = tf.reshape(numbers >= 0, [batch_size, -1])
            rows *= tf.cast(tf.reduce_all(known, axis=1), tf.float32)
        answers = {name: tf.maximum(numbers, 0) for name, numbers in answers.items()}
        weights = dict.fromkeys(names, rows)
        if not crf:
            weights[TAGS] = rows[:, None] * tf.cast(ids["words"] > 0, tf.float32)
        if names == (TAGS,):
            return ids, answers[TAGS], weights[TAGS]
        return ids, answers, weights

    batches = like_lengths(
        dataset.map(lambda *parts: parts[: 1 + len(names)]),
        numbered,
        batch_size,
        bucket_lengths(max_length),
        training,
    )
    return batches.map(arranged, num_parallel_calls=tf.data.AUTOTUNE)


def _ragged(rows):
    """Sentences that all have one length come as a plain tensor."""
    if isinstance(rows, tf.RaggedTensor):
        return rows
    return tf.RaggedTensor.from_tensor(rows)


def _one_of_two_sizes(spellings, places):
    """Padded, so that XLA compiles two sizes at the most for a length.

    Words repeat: in most batches the different ones are fewer than half of the places.
    """
    count, half = tf.shape(spellings)[0], places // 2
    size = tf.where(count <= half, half, places + 1)
    return tf.pad(spellings, [[0, size - count], [0, 0]])
