"""What a request may take."""

import pytest

from rnnzoo.serving.limits import Limits


@pytest.mark.parametrize("name", ["max_body", "max_batch", "max_waiting", "timeout"])
@pytest.mark.parametrize("value", [0, -1, None])
def test_what_is_no_limit_is_named(name, value):
    with pytest.raises(ValueError, match=f"`{name}`.* {value}"):
        Limits(**{name: value})
