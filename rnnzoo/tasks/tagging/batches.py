"""Tagged sentences to batches of ids, tags and weights."""

from collections.abc import Sequence

import tensorflow as tf

from rnnzoo.tasks.tagging.config import TaggerConfig
from rnnzoo.tasks.tagging.network import INTENT, TAGS
from rnnzoo.tasks.tagging.sentences import Lexicon
from rnnzoo.text import TokenVectorizer


def encode_sentences(
    tokens: tf.RaggedTensor,
    tags: tf.RaggedTensor,
    intents: Sequence[tf.Tensor],
    *,
    vectorizer: TokenVectorizer,
    lexicon: Lexicon,
    max_length: int,
) -> tuple:
    """Returns the ids of tagged sentences, -1 for an unknown tag or intent.

    Args:
        tokens: String `(batch, None)`.
        tags: String of the same shape.
        intents: None, or one string tensor `(batch,)`.
        vectorizer: Tokens to ids.
        lexicon: Tags and intents to numbers.
        max_length: Number of words of a sentence that are kept.

    Returns:
        int32 ids of words, the bytes that spell them, and int32 tags, each `(batch,
        None)`; with intents also their int32 numbers `(batch,)`.
    """
    words, tagged = tokens.row_lengths(), tags.row_lengths()
    message = "Each word needs one tag; a sentence has more or fewer tags."
    check = tf.debugging.assert_equal(words, tagged, message)
    ids, spelled = vectorizer.encode(tokens.flat_values)
    columns = ids, spelled, lexicon.tag_ids(tags.flat_values)
    with tf.control_dependencies([check] if check is not None else []):
        columns = [tokens.with_flat_values(c)[:, :max_length] for c in columns]
    return *columns, *map(lexicon.intent_ids, intents)


def arrange_batch(
    columns: Sequence, vectorizer: TokenVectorizer, config: TaggerConfig
) -> tuple:
    """Returns a padded batch as `(ids, answers, weights)`.

    Args:
        columns: What `encode_sentences` returned, padded, and the weights of the rows,
            float32 `(batch,)`.
        vectorizer: Spells the words.
        config: Settings of the tagger.

    Returns:
        int32 ids by name; int32 tags `(batch, time)`, or a dictionary of these and of
        intents `(batch,)`; float32 weights in the same structure, those of tags 0 for
        padding. A sentence with an unknown tag or intent has weight 0.
    """
    words, spelled, *numbers, rows = columns
    ids = {"words": words}
    if config.word_length:
        ids |= vectorizer.spell(spelled)
        ids["spellings"] = _one_of_two_sizes(ids["spellings"], tf.size(words))
    names = (TAGS, INTENT)[: len(numbers)]
    for column in numbers:
        known = tf.reshape(column >= 0, [tf.shape(column)[0], -1])
        rows *= tf.cast(tf.reduce_all(known, axis=1), tf.float32)
    answers = {
        name: tf.maximum(column, 0) for name, column in zip(names, numbers, strict=True)
    }
    weights = dict.fromkeys(names, rows)
    weights[TAGS] = rows[:, None] * tf.cast(words > 0, tf.float32)
    if names == (TAGS,):
        return ids, answers[TAGS], weights[TAGS]
    return ids, answers, weights


def _one_of_two_sizes(spellings, places):
    """Pads, so that XLA compiles at most two sizes for a length.

    Words repeat: in most batches the different ones are fewer than half of the places.
    """
    count, half = tf.shape(spellings)[0], places // 2
    size = tf.where(count <= half, half, places + 1)
    return tf.pad(spellings, [[0, size - count], [0, 0]])
