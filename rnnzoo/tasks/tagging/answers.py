"""A tag for each word: from scores to answers, and how a server is asked."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import tensorflow as tf

from rnnzoo.answers import text_list
from rnnzoo.export import Signature
from rnnzoo.layers import CRF
from rnnzoo.tasks.text_inputs import EXAMPLE_ROWS, TEXT

Answers = dict[str, tf.Tensor]

# The outputs with a value for each token; the first tells where the tokens end.
PER_TOKEN = ("tokens", "tags", "scores")

TOKENS = tf.TensorSpec([None, None], tf.string, name="tokens")
_LENGTHS = tf.TensorSpec([None], tf.int32, name="lengths")


def best_tags(
    scores: tf.Tensor, mask: tf.Tensor, crf: CRF | None
) -> tuple[tf.Tensor, tf.Tensor]:
    """The tag of each word, and how sure it is.

    Args:
        scores: floating tensor `(batch, time, tags)`.
        mask: boolean tensor `(batch, time)`, which words there are.
        crf: the layer that gave the scores, if it was one.

    Returns:
        Tags, int32 `(batch, time)`: of the best sequence, with a CRF. Their
        probability, float32 `(batch, time)`: with a CRF the marginal one.
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
    """What a tagger says, in the types that a server can send.

    Args:
        tokens: string tensor `(batch, time)`, "" for padding.
        tags: int tensor `(batch, time)`.
        scores: float32 tensor `(batch, time)`, the probability of each.
        tag_names: the tags' names.

    Returns:
        `tokens` and `tags`, string `(batch, time)`, and `scores`, float32 `(batch,
        time)`: "" and 0 where there is no word.

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
    """The signatures of a tagger.

    Args:
        split: takes texts, string `(batch,)`, and returns tokens, `(batch, None)`.
        answer_tokens: takes tokens, string `(batch, time)`, "" for padding, with one
            step at least, and returns what `tag_answers` does; as a `tf.function` it is
            traced once, and stands in the graph once.

    Returns:
        `serving_default`, of texts, which it parts into tokens; and `tokens`, of what
        is parted already, and how many of each row count: a server that merges
        requests pads them with anything.
    """

    def answer_texts(text):
        return answer_tokens(with_a_step(split(text).to_tensor()))

    def answer_parted(tokens, lengths):
        tokens = with_a_step(tokens)
        counts = tf.sequence_mask(lengths, tf.shape(tokens)[1])
        return answer_tokens(tf.where(counts, tokens, ""))

    rows = [[], ["Bonn"], ["Bonn", "lies", "on", "the", "Rhine", "."]]
    return {
        "serving_default": Signature(answer_texts, [TEXT], EXAMPLE_ROWS, PER_TOKEN),
        "tokens": Signature(
            answer_parted,
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
