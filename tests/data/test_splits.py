"""What is read for training, choosing and testing."""

import pytest

from rnnzoo.data.splits import three_splits


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (["train", "validation", "test"], ("train[:100%]", "validation", "test")),
        (["test", "dev", "train"], ("train[:100%]", "dev", "test")),
        (["train", "validation"], ("train[:95%]", "train[95%:100%]", "validation")),
        (["train"], ("train[:90%]", "train[90%:95%]", "train[95%:100%]")),
    ],
)
def test_splits(given, found):
    assert three_splits("it", given) == found


def test_no_train():
    with pytest.raises(ValueError, match="'it' has no split `train`; it has test"):
        three_splits("it", ["test"])
