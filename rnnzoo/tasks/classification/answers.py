"""Answers and signatures of a classifier."""

from collections.abc import Callable, Mapping, Sequence

import tensorflow as tf

from rnnzoo.export import Signature
from rnnzoo.tasks.text_inputs import EXAMPLE_ROWS, EXAMPLE_TEXTS, TEXT

Answers = dict[str, tf.Tensor]

IDS = tf.TensorSpec([None, None], tf.int32, name="ids")
_LENGTHS = tf.TensorSpec([None], tf.int32, name="lengths")
# The name that TensorFlow Serving's Classify and Regress fill in.
_EXAMPLES = tf.TensorSpec([None], tf.string, name="inputs")


def class_answers(logits: tf.Tensor, class_names: Sequence[str]) -> Answers:
    """Returns the answers for logits, in dtypes that a server can send.

    Args:
        logits: Float tensor `(batch, classes)`.
        class_names: Label of each column.

    Returns:
        `label`, string `(batch,)`; `score`, float32 `(batch,)`, the probability of
        that label; `probabilities`, float32 `(batch, classes)`; `classes`,
        string `(batch, classes)`, the label of each probability.

    >>> answers = class_answers(tf.constant([[0.0, 2.0]]), ["bad", "good"])
    >>> answers["label"].numpy(), answers["score"].numpy().round(2)
    (array([b'good'], dtype=object), array([0.88], dtype=float32))
    """
    probabilities = tf.nn.softmax(tf.cast(logits, tf.float32))
    classes = tf.constant(class_names)
    return {
        "label": tf.gather(classes, tf.argmax(probabilities, axis=-1)),
        "score": tf.reduce_max(probabilities, axis=-1),
        "probabilities": probabilities,
        # A `tile` of numbers, since OpenVINO has none of strings.
        "classes": tf.gather(
            classes, tf.tile(tf.range(len(class_names))[None], [tf.shape(logits)[0], 1])
        ),
    }


def class_signatures(
    to_ids: Callable[[tf.Tensor], tf.Tensor],
    answer_ids: Callable[[tf.Tensor], Mapping[str, tf.Tensor]],
    class_names: Sequence[str],
) -> dict[str, Signature]:
    """Returns the signatures of a text classifier.

    Args:
        to_ids: Function from texts, string `(batch,)`, to ids, int32 `(batch, time)`, 0
            for padding.
        answer_ids: Function from ids to `class_answers`. A `tf.function` is traced once
            and stored once.
        class_names: Labels.

    Returns:
        `serving_default` for texts; `tokens` for ids and the number of ids of each row;
        `classify` and, for two labels, `regress` (the probability of the second label)
        for serialized `tf.train.Example`s with a feature "text", as the methods of
        TensorFlow Serving with these names send them.
    """

    def answer_texts(text):
        return answer_ids(to_ids(text))

    def tokens(ids, lengths):
        # The layers need a step, even a masked one, and a batch may have none.
        ids = tf.pad(ids, [[0, 0], [0, 1]])
        return answer_ids(tf.where(tf.sequence_mask(lengths, tf.shape(ids)[1]), ids, 0))

    def classify(inputs):
        answers = answer_texts(_parse_texts(inputs))
        return {"classes": answers["classes"], "scores": answers["probabilities"]}

    def regress(inputs):
        return {"outputs": answer_texts(_parse_texts(inputs))["probabilities"][:, 1]}

    examples = [{"inputs": _serialized(text)} for text in EXAMPLE_TEXTS]
    signatures = {
        "serving_default": Signature(answer_texts, [TEXT], EXAMPLE_ROWS),
        "tokens": Signature(
            tokens,
            [IDS, _LENGTHS],
            [{"ids": ids, "lengths": len(ids)} for ids in ([], [2], [1, 2, 1, 2])],
        ),
        "classify": Signature(classify, [_EXAMPLES], examples),
    }
    if len(class_names) == 2:
        signatures["regress"] = Signature(regress, [_EXAMPLES], examples)
    return signatures


def _parse_texts(serialized):
    feature = tf.io.FixedLenFeature([], tf.string)
    return tf.io.parse_example(serialized, {"text": feature})["text"]


def _serialized(text):
    values = tf.train.BytesList(value=[text.encode()])
    features = tf.train.Features(feature={"text": tf.train.Feature(bytes_list=values)})
    return tf.train.Example(features=features).SerializeToString()
