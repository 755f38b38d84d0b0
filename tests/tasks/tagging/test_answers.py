"""From scores to tags, and the signatures."""

import numpy as np
import tensorflow as tf

from rnnzoo.layers import CRF
from rnnzoo.tasks.tagging.answers import best_tags, tag_answers, tag_signatures
from rnnzoo.text import split_tokens

SCORES = tf.constant([[[0.0, 2.0], [3.0, 1.0], [0.0, 9.0]]])
MASK = tf.constant([[True, True, False]])


def test_without_a_crf_each_word_for_itself():
    tags, scores = best_tags(SCORES, MASK, None)
    assert tags.numpy()[0, :2].tolist() == [1, 0]
    expected = tf.nn.softmax(SCORES).numpy()[0, [0, 1], [1, 0]]
    np.testing.assert_allclose(scores[0, :2], expected, rtol=1e-6)


def test_with_a_crf_the_best_sequence():
    """By hand: changing the tag costs 9, which turns the second one."""
    crf = CRF(2)
    crf(SCORES)
    weights = [[0.0, -9.0], [-9.0, 0.0]], [0.0, 0.0], [0.0, 0.0]
    crf.set_weights([np.array(weight) for weight in weights])
    tags, scores = best_tags(SCORES, MASK, crf)
    assert tags.numpy()[0].tolist() == [0, 0, 0]
    sequences = {(a, b): SCORES[0, 0, a] + SCORES[0, 1, b] - 9.0 * (a != b)
                 for a in (0, 1) for b in (0, 1)}  # fmt: skip
    total = sum(np.exp(value) for value in sequences.values())
    first = sum(np.exp(v) for (a, _), v in sequences.items() if a == 0) / total
    np.testing.assert_allclose(scores[0, 0], first, rtol=1e-5)


def test_no_word_no_tag():
    answers = tag_answers(
        tf.constant([["a", ""]]), tf.constant([[1, 1]]), tf.ones((1, 2)), ["X", "Y"]
    )
    assert {k: v.numpy().tolist() for k, v in answers.items()} == {
        "tokens": [[b"a", b""]],
        "tags": [[b"Y", b""]],
        "scores": [[1.0, 0.0]],
    }


def test_tokens_behind_the_length_are_padding_whatever_they_are():
    signatures = tag_signatures(split_tokens, lambda tokens: {"tokens": tokens})
    answer = signatures["tokens"].function(
        tf.constant([["a", "b"], ["c", "c"]]), tf.constant([2, 1])
    )
    assert answer["tokens"].numpy().tolist() == [[b"a", b"b"], [b"c", b""]]


def test_texts_without_a_word_have_a_step():
    signatures = tag_signatures(split_tokens, lambda tokens: {"tokens": tokens})
    answer = signatures["serving_default"].function(tf.constant(["", " "]))
    assert answer["tokens"].numpy().tolist() == [[b""], [b""]]
