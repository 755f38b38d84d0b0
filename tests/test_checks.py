"""Checks of arguments."""

import pytest

from rnnzoo.checks import check_positive, check_rates


@pytest.mark.parametrize("size", [0, -3, 1.0, "2", None, True])
def test_not_positive(size):
    with pytest.raises(ValueError, match="`units` must be a positive integer, got"):
        check_positive(fine=1, units=size)


@pytest.mark.parametrize("rate", [-0.1, 1, 1.5, float("nan"), False])
def test_no_rate(rate):
    with pytest.raises(ValueError, match=r"`dropout` must be in \[0, 1\), got"):
        check_rates(fine=0.0, also=0.999, dropout=rate)
