"""Scores to tags, and the signatures of a tagger."""

import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.layers import CRF
from rnnzoo.tasks.tagging.answers import (
    best_tags,
    tag_answers,
    tag_signatures,
    token_rows,
)
from rnnzoo.text import split_tokens

SCORES = tf.constant([[[0.0, 2.0], [3.0, 1.0], [0.0, 9.0]]])
MASK = tf.constant([[True, True, False]])


def test_best_tags_without_crf_are_the_argmax_of_each_word():
    tags, scores = best_tags(SCORES, MASK, None)
    assert tags.numpy()[0, :2].tolist() == [1, 0]
    expected = tf.nn.softmax(SCORES).numpy()[0, [0, 1], [1, 0]]
    np.testing.assert_allclose(scores[0, :2], expected, rtol=1e-6)


def test_best_tags_with_crf_are_the_best_sequence():
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


def test_tag_answers_of_padding_are_empty():
    answers = tag_answers(
        tf.constant([["a", ""]]), tf.constant([[1, 1]]), tf.ones((1, 2)), ["X", "Y"]
    )
    assert {k: v.numpy().tolist() for k, v in answers.items()} == {
        "tokens": [[b"a", b""]],
        "tags": [[b"Y", b""]],
        "scores": [[1.0, 0.0]],
    }


def test_tokens_signature_blanks_tokens_beyond_the_length():
    signatures = tag_signatures(split_tokens, lambda tokens: {"tokens": tokens})
    answer = signatures["tokens"].function(
        tf.constant([["a", "b"], ["c", "c"]]), tf.constant([2, 1])
    )
    assert answer["tokens"].numpy().tolist() == [[b"a", b"b"], [b"c", b""]]


def test_texts_signature_of_empty_texts_has_one_step():
    signatures = tag_signatures(split_tokens, lambda tokens: {"tokens": tokens})
    answer = signatures["serving_default"].function(tf.constant(["", " "]))
    assert answer["tokens"].numpy().tolist() == [[b""], [b""]]


def test_token_rows_take_sentences_of_any_kind():
    rows = token_rows(iter([["a", b"b"], [], ("é",)]))
    assert rows == [
        {"tokens": [b"a", b"b"], "lengths": 2},
        {"tokens": [], "lengths": 0},
        {"tokens": ["é".encode()], "lengths": 1},
    ]


@pytest.mark.parametrize("rows", [["Bonn", "lies"], [["Bonn", ""]], [[b""]], "Bonn"])
def test_token_rows_of_no_lists_of_words_raise(rows):
    with pytest.raises(ValueError, match=r"`sentences`.* 0 "):
        token_rows(rows)


def test_token_rows_of_a_number_raise():
    with pytest.raises(TypeError, match=r"`sentences`.* 1, .*7"):
        token_rows([["Bonn", 7]])
