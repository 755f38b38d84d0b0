"""Logits to answers, and the signatures of a text classifier."""

import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.tasks.classification.answers import class_answers, class_signatures

NAMES = ["bad", "fair", "good"]


def to_ids(texts):
    """As many ids as characters."""
    return tf.cast(tf.sequence_mask(tf.strings.length(texts)), tf.int32)


def by_count(ids):
    """No id is bad, one fair, two are good."""
    known = tf.math.count_nonzero(ids, axis=1)
    return class_answers(tf.one_hot(known, 3) * 9, NAMES)


def signatures(count=3):
    return class_signatures(to_ids, by_count, NAMES[:count])


def test_class_answers_are_the_softmax_of_numpy():
    logits = np.array([[1.0, 2.0, -1.0], [0.0, 0.0, 5.0]])
    answers = class_answers(tf.constant(logits, "float16"), NAMES)
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(answers["probabilities"], expected, atol=1e-3)
    np.testing.assert_array_equal(answers["label"], [b"fair", b"good"])
    np.testing.assert_allclose(answers["score"], expected.max(axis=1), atol=1e-3)
    np.testing.assert_array_equal(answers["classes"][1], [b"bad", b"fair", b"good"])
    assert {v.dtype for v in answers.values()} == {tf.float32, tf.string}


@pytest.mark.parametrize(("count", "regress"), [(2, True), (3, False)])
def test_regress_signature_exists_for_two_classes_only(count, regress):
    assert ("regress" in signatures(count)) == regress


def test_tokens_signature_ignores_ids_beyond_the_length():
    tokens = signatures()["tokens"].function
    ids = tf.constant([[5, 5, 5], [5, 5, 5], [5, 0, 0]])
    labels = tokens(ids, tf.constant([1, 2, 0]))["label"]
    assert labels.numpy().tolist() == [b"fair", b"good", b"bad"]


def test_classify_and_regress_signatures_take_tf_examples():
    feature = tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"ab"]))
    example = tf.train.Example(
        features=tf.train.Features(feature={"text": feature})
    ).SerializeToString()
    answer = signatures()["classify"].function(tf.constant([example, example]))
    assert set(answer) == {"classes", "scores"}
    assert answer["scores"].shape == (2, 3)
    assert answer["scores"][0].numpy().argmax() == 2
    answer = signatures(2)["regress"].function(tf.constant([example]))
    assert answer["outputs"].shape == (1,)


def test_classify_signature_of_an_example_without_text_raises():
    with pytest.raises(tf.errors.InvalidArgumentError, match="text"):
        signatures()["classify"].function(tf.constant([b""]))
