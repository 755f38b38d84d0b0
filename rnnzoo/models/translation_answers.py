"""Translations: from ids to answers, and how a server is asked."""

from collections.abc import Callable

import tensorflow as tf

from rnnzoo.decoding import NEVER, Hypotheses
from rnnzoo.export import Signature
from rnnzoo.models.class_answers import EXAMPLE_TEXTS, TEXT

Answers = dict[str, tf.Tensor]

# The score of what there is not: JSON has no infinity.
LOWEST = tf.float32.min


def most_steps(source: tf.Tensor) -> tf.Tensor:
    """How many tokens a translation may have: in proportion to its source.

    >>> most_steps(tf.constant([[5, 6, 2], [2, 0, 0]])).numpy().tolist()
    [16, 12]
    """
    return 10 + 2 * tf.math.count_nonzero(source, axis=1, dtype=tf.int32)


def best_answers(
    found: Hypotheses, decode: Callable[[tf.Tensor], tf.Tensor]
) -> Answers:
    """The n best translations of each text, each of them once.

    Two hypotheses can be one text, parted otherwise into subwords.

    Args:
        found: the hypotheses, `n_best` a row.
        decode: int32 ids `(n, time)` to strings `(n,)`.

    Returns:
        `translations`, string `(batch, n_best)`, the best first, and `scores`, float32
        of that shape; "" and the lowest float where there are no more.

    >>> ids = tf.constant([[[7], [8], [7]]])
    >>> found = Hypotheses(ids, tf.constant([[-1.0, -2.0, -3.0]]))
    >>> answers = best_answers(found, lambda ids: tf.strings.as_string(ids[:, 0]))
    >>> answers["translations"].numpy().tolist()
    [[b'7', b'8', b'']]
    """
    shape = tf.shape(found.scores)
    ids = tf.reshape(found.tokens, [shape[0] * shape[1], -1])
    texts = tf.reshape(decode(ids), shape)
    same = texts[:, :, None] == texts[:, None, :]
    earlier = tf.range(shape[1]) < tf.range(shape[1])[:, None]
    repeated = tf.reduce_any(same & earlier, axis=-1)
    scores = tf.where(repeated | (found.scores == NEVER), LOWEST, found.scores)
    scores, order = tf.math.top_k(scores, shape[1])
    texts = tf.gather(texts, order, batch_dims=1)
    return {
        "translations": tf.where(scores > LOWEST, texts, ""),
        "scores": scores,
    }


def translation_signatures(
    answer_texts: Callable[[tf.Tensor], Answers],
    answer_beam: Callable[[tf.Tensor], Answers],
) -> dict[str, Signature]:
    """The signatures of a translator, both of texts.

    Args:
        answer_texts: strings `(batch,)` to `translation` and `score`.
        answer_beam: strings `(batch,)` to what `best_answers` gives.
    """
    rows = [{"text": text} for text in EXAMPLE_TEXTS]
    return {
        "serving_default": Signature(answer_texts, [TEXT], rows),
        "beam": Signature(answer_beam, [TEXT], rows),
    }
