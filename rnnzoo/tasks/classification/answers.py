"""One label for each text: from logits to answers, and how a server is asked."""

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
    """What a classifier says, in the types that a server can send.

    Args:
        logits: floating tensor `(batch, classes)`.
        class_names: the label of each column.

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
        # By number: OpenVINO has no `tile` of strings.
        "classes": tf.gather(
            classes, tf.tile(tf.range(len(class_names))[None], [tf.shape(logits)[0], 1])
        ),
    }


def class_signatures(
    to_ids: Callable[[tf.Tensor], tf.Tensor],
    answer_ids: Callable[[tf.Tensor], Mapping[str, tf.Tensor]],
    class_names: Sequence[str],
) -> dict[str, Signature]:
    """The signatures of a classifier of texts.

    Args:
        to_ids: takes texts, string `(batch,)`, and returns their ids, int32
            `(batch, time)`, 0 for padding.
        answer_ids: takes ids, and returns what `class_answers` does; as a
            `tf.function` it is traced once, and stands in the graph once.
        class_names: the labels.

    Returns:
        `serving_default`, of texts; `tokens`, of ids and how many of each row
        count; `classify` and, where there are two labels, `regress` (the probability of
        the second one), of serialized `tf.train.Example`s with a feature "text", as
        the methods of these names of TensorFlow Serving send them.
    """

    def answer_texts(text):
        return answer_ids(to_ids(text))

    def tokens(ids, lengths):
        # An empty batch of ids has no step; the layers need one, which is masked.
        ids = tf.pad(ids, [[0, 0], [0, 1]])
        return answer_ids(tf.where(tf.sequence_mask(lengths, tf.shape(ids)[1]), ids, 0))

    def classify(inputs):
        answers = answer_texts(_texts_of(inputs))
        return {"classes": answers["classes"], "scores": answers["probabilities"]}

    def regress(inputs):
        return {"outputs": answer_texts(_texts_of(inputs))["probabilities"][:, 1]}

    examples = [{"inputs": _example_of(text)} for text in EXAMPLE_TEXTS]
    found = {
        "serving_default": Signature(answer_texts, [TEXT], EXAMPLE_ROWS),
        "tokens": Signature(
            tokens,
            [IDS, _LENGTHS],
            [{"ids": ids, "lengths": len(ids)} for ids in ([], [2], [1, 2, 1, 2])],
        ),
        "classify": Signature(classify, [_EXAMPLES], examples),
    }
    if len(class_names) == 2:
        found["regress"] = Signature(regress, [_EXAMPLES], examples)
    return found


def _texts_of(serialized):
    feature = tf.io.FixedLenFeature([], tf.string)
    return tf.io.parse_example(serialized, {"text": feature})["text"]


def _example_of(text):
    values = tf.train.BytesList(value=[text.encode()])
    features = tf.train.Features(feature={"text": tf.train.Feature(bytes_list=values)})
    return tf.train.Example(features=features).SerializeToString()
