"""Looking up by name."""

import pytest

from rnnzoo.names import look_up


def test_known():
    assert look_up("cell", "gru", {"gru": 1}) == 1


def test_unknown_suggests_the_nearest_and_lists_all():
    with pytest.raises(ValueError, match=r"cell 'lstn'.*'lstm'.*gru, lstm"):
        look_up("cell", "lstn", {"lstm": 1, "gru": 2})


def test_no_name():
    with pytest.raises(ValueError, match=r"cell \['gru'\].*gru"):
        look_up("cell", ["gru"], {"gru": 1})


def test_unknown_and_near_nothing():
    with pytest.raises(ValueError, match=r"cell 'transformer'.*gru"):
        look_up("cell", "transformer", {"gru": 2})
