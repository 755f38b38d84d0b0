"""The last tokens of every text, with any padding."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnzoo.layers.last_tokens import LastTokens


@settings(max_examples=50)
@given(
    texts=st.lists(st.lists(st.integers(1, 9), max_size=7), min_size=1, max_size=4),
    padding=st.integers(0, 3),
    length=st.integers(1, 9),
)
def test_last_tokens_are_those_of_a_python_slice(texts, padding, length):
    time = max(map(len, texts)) + padding
    ids = np.array([text + [0] * (time - len(text)) for text in texts], "int32")
    last = LastTokens(length)(tf.constant(ids.reshape(len(texts), time))).numpy()
    assert last.shape == (len(texts), min(time, length))
    assert [row[row > 0].tolist() for row in last] == [t[-length:] for t in texts]


def test_last_tokens_compiled_by_xla_are_the_same():
    ids = tf.constant([[1, 2, 3], [4, 0, 0]])
    layer = LastTokens(2)
    np.testing.assert_array_equal(
        tf.function(layer, jit_compile=True)(ids), [[2, 3], [4, 0]]
    )


def test_last_tokens_of_length_zero_raises():
    with pytest.raises(ValueError, match=r"length.*0"):
        LastTokens(0)


def test_last_tokens_config_round_trip_keeps_the_length():
    config = LastTokens(3).get_config()
    assert config["length"] == 3
    assert LastTokens.from_config(config).get_config() == config
