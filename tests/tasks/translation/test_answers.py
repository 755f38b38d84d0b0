"""Hypotheses to answers."""

import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.decoding import NEVER, Hypotheses
from rnnzoo.tasks.translation.answers import LOWEST, Search, best_answers


def decode(ids):
    """Each id is a letter, 0 none."""
    letters = tf.constant(["", "a", "b", "ab"])
    return tf.strings.reduce_join(tf.gather(letters, ids), axis=-1)


def test_a_text_comes_once_whatever_its_tokens():
    tokens = tf.constant([[[3, 0], [1, 2], [2, 0], [2, 1]], [[1, 0]] + [[2, 0]] * 3])
    scores = tf.constant([[-1.0, -2.0, -3.0, -4.0], [-1.0, NEVER, NEVER, NEVER]])
    answers = best_answers(Hypotheses(tokens, scores), decode)
    assert answers["translations"].numpy().tolist() == [
        [b"ab", b"b", b"ba", b""],
        [b"a", b"", b"", b""],
    ]
    assert answers["scores"].numpy()[0].tolist() == [-1, -3, -4, np.float32(LOWEST)]
    assert np.isfinite(answers["scores"]).all()  # JSON has no infinity.


def test_an_empty_translation_is_one():
    found = Hypotheses(tf.constant([[[0], [1]]]), tf.constant([[-1.0, -2.0]]))
    answers = best_answers(found, decode)
    assert answers["translations"].numpy().tolist() == [[b"", b"a"]]
    assert answers["scores"].numpy().tolist() == [[-1, -2]]


@pytest.mark.parametrize(("times", "most"), [(2, [0, 12, 16]), (5, [0, 15, 25])])
def test_so_many_times_as_many_tokens_and_ten(times, most):
    how = {"beam_size": 1, "length_penalty": 0.0, "coverage_penalty": 0.0}
    source = tf.constant([[2, 0, 0, 0], [5, 2, 0, 0], [5, 6, 7, 2]])
    search = Search(**how, steps_per_token=times)
    assert search.most_steps(source).numpy().tolist() == most
