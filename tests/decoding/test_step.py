"""Scores by length and by what was read, against NumPy."""

import re

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from rnnzoo.decoding.step import coverage, penalized, row_limits


@given(
    score=st.floats(-128, -0.125, width=32),
    length=st.integers(1, 1000),
    length_penalty=st.sampled_from([-1.0, 0.0, 0.6, 1.0, 2.0]),
)
def test_scores_by_length(score, length, length_penalty):
    """Equation 14 of Wu et al. 2016: lp(Y) = (5 + |Y|)^a / (5 + 1)^a."""
    found = penalized(tf.constant(score), tf.constant(length), length_penalty)
    expected = score / ((5 + length) ** length_penalty / 6**length_penalty)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_what_was_not_read_costs():
    covered = np.array([[2.0, 0.5, 0.0], [1.0, 1.0, 0.25]], "float32")
    mask = np.array([[True, True, False], [True, True, True]])
    expected = [np.log(0.5), np.log(0.25)]
    np.testing.assert_allclose(coverage(covered, mask), expected, rtol=1e-6)
    # What was not read at all is the worst, and no infinity.
    assert np.isfinite(coverage(covered[:1], np.ones((1, 3), bool))).all()


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8"])
def test_limits_are_any_integers(dtype):
    limits = row_limits(np.array([3, 0], dtype))
    assert limits.dtype == tf.int32
    assert limits.numpy().tolist() == [3, 0]


@pytest.mark.parametrize("limits", [3, [3.0], [[3]], ["3"]])
def test_what_is_no_limit(limits):
    shape = re.escape(str(np.shape(limits)))
    with pytest.raises(ValueError, match=f"`max_steps`.*{shape}"):
        row_limits(limits)
