"""Answers and signatures of a tagger."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import tensorflow as tf

from rnnzoo.answers import text_list
from rnnzoo.export import Signature
from rnnzoo.layers import CRF
from rnnzoo.tasks.text_inputs import EXAMPLE_ROWS, TEXT

Answers = dict[str, tf.Tensor]

# Outputs with a value for each token; the first shows where the tokens end.
PER_TOKEN = ("tokens", "tags", "scores")

TOKENS = tf.TensorSpec([None, None], tf.string, name="tokens")
_LENGTHS = tf.TensorSpec([None], tf.int32, name="lengths")


def best_tags(
    scores: tf.Tensor, mask: tf.Tensor, crf: CRF | None
) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns the tag of each word and its probability.

    Args:
        scores: Float tensor `(batch, time, tags)`.
        mask: Bool tensor `(batch, time)`, false at padding.
        crf: CRF layer that returned the scores, or `None`.

    Returns:
        Tags, int32 `(batch, time)`, with a CRF those of the best sequence; and their
        probabilities, float32 `(batch, time)`, with a CRF the marginal ones.
    """
    if crf is None:
        probabilities = tf.nn.softmax(tf.cast(scores, tf.float32))
        tags = tf.argmax(scores, axis=-1, output_type=tf.int32)
    else:
        probabilities = tf.cast(crf.marginals(scores, mask), tf.float32)
        tags, _ = crf.decode(scores, mask)
    return tags, tf.gather(probabilities, tags, batch_dims=2)


def tag_answers(
    tokens: tf.Tensor, tags: tf.Tensor, scores: tf.Tensor, tag_names: Sequence[str]
) -> Answers:
    """Returns the answers for tags, in dtypes that a server can send.

    Args:
        tokens: String tensor `(batch, time)`, "" for padding.
        tags: Int tensor `(batch, time)`.
        scores: Float32 tensor `(batch, time)`, the probabilities of the tags.
        tag_names: Names of the tags.

    Returns:
        `tokens` and `tags`, string `(batch, time)`, and `scores`, float32 `(batch,
        time)`; "" and 0 at padding.

    >>> answers = tag_answers(
    ...     tf.constant([["Hi", ""]]), tf.constant([[1, 0]]), tf.ones((1, 2)), "AB"
    ... )
    >>> answers["tags"].numpy().tolist(), answers["scores"].numpy().tolist()
    ([[b'B', b'']], [[1.0, 0.0]])
    """
    words = tokens != ""
    return {
        "tokens": tokens,
        "tags": tf.where(words, tf.gather(tf.constant(list(tag_names)), tags), ""),
        "scores": tf.where(words, scores, 0.0),
    }


def tag_signatures(
    split: Callable[[tf.Tensor], tf.RaggedTensor],
    answer_tokens: Callable[[tf.Tensor], Mapping[str, tf.Tensor]],
) -> dict[str, Signature]:
    """Returns the signatures of a tagger.

    Args:
        split: Function from texts, string `(batch,)`, to tokens, `(batch, None)`.
        answer_tokens: Function from tokens, string `(batch, time)` with at least one
            step and "" for padding, to `tag_answers`. A `tf.function` is traced once
            and stored once.

    Returns:
        `serving_default` for texts, which it tokenizes; and `tokens` for tokens and the
        number of tokens of each row. A server that merges requests may pad them with
        any token.
    """

    def answer_texts(text):
        return answer_tokens(with_a_step(split(text).to_tensor()))

    def answer_split(tokens, lengths):
        tokens = with_a_step(tokens)
        counts = tf.sequence_mask(lengths, tf.shape(tokens)[1])
        return answer_tokens(tf.where(counts, tokens, ""))

    rows = [[], ["Bonn"], ["Bonn", "lies", "on", "the", "Rhine", "."]]
    return {
        "serving_default": Signature(answer_texts, [TEXT], EXAMPLE_ROWS, PER_TOKEN),
        "tokens": Signature(
            answer_split,
            [TOKENS, _LENGTHS],
            [{"tokens": row, "lengths": len(row)} for row in rows],
            PER_TOKEN,
        ),
    }


def token_rows(sentences: Iterable[Sequence[str | bytes]]) -> list[dict]:
    """Returns sentences as rows of the signature `tokens`.

    Args:
        sentences: Tokens of each sentence, `str` or UTF-8 `bytes`.

    Raises:
        TypeError: If a word is not a text.
        ValueError: If a sentence is a text, or has an empty word.
    """
    sentences = [each if _is_text(each) else list(each) for each in sentences]
    for number, tokens in enumerate(sentences):
        if _is_text(tokens) or "" in tokens or b"" in tokens:
            raise ValueError(
                "`sentences` must be lists of words, none of them empty, but number "
                f"{number} is {tokens!r}. `answer` takes raw texts."
            )
    rows = [text_list(tokens, "sentences") for tokens in sentences]
    return [{"tokens": tokens, "lengths": len(tokens)} for tokens in rows]


def _is_text(value):
    return isinstance(value, (str, bytes))


def with_a_step(tokens: tf.Tensor) -> tf.Tensor:
    """Pads a batch of empty sentences, since the layers need a step, a masked one."""
    missing = tf.maximum(1 - tf.shape(tokens)[1], 0)
    return tf.pad(tokens, [[0, 0], [0, missing]], constant_values="")
