"""Checks of arguments."""

import numpy as np
import pytest

from rnnzoo.checks import check_positive, check_rates


@pytest.mark.parametrize("size", [0, -3, 1.0, "2", None, True])
def test_not_positive(size):
    with pytest.raises(ValueError, match=f"`units`.*{size!r}"):
        check_positive(fine=1, units=size)


def test_numbers_of_numpy_are_numbers():
    check_positive(units=np.int64(4))
    check_rates(dropout=np.float32(0.5))


@pytest.mark.parametrize("rate", [-0.1, 1, 1.5, float("nan"), False, "0.5", None])
def test_no_rate(rate):
    with pytest.raises(ValueError, match=rf"`dropout`.* {rate!r}\."):
        check_rates(fine=0.0, also=0.999, dropout=rate)
