"""What recurrent layers refuse; in which words, `test_recurrent.py` reads."""

import keras
import pytest
import tensorflow as tf

from rnnzoo.layers.recurrent import argument_checks

INPUTS = tf.zeros((2, 3, 4))


def constructor(units, dropout=0.0, recurrent_dropout=0.0, **kwargs):
    """As those of Keras."""


def test_arguments_by_name_and_the_others():
    own, others = argument_checks.checked_arguments(
        constructor, (3, 0.5), {"name": "n"}
    )
    assert own == {"units": 3, "dropout": 0.5, "recurrent_dropout": 0.0}
    assert others == {"name": "n"}


def test_an_argument_too_many_is_refused():
    with pytest.raises(TypeError, match="positional"):
        argument_checks.checked_arguments(constructor, (3, 0.5, 0.5, 0.5), {})


def test_unknown_sizes_are_taken():
    seen = []

    @tf.function(input_signature=[tf.TensorSpec([None, None, 4])])
    def trace(inputs):
        argument_checks.check_sequences(inputs)
        argument_checks.check_states([tf.zeros((2, 5))], inputs, (5,))
        argument_checks.check_mask(tf.ones((2, 3), tf.bool), inputs)
        seen.append(inputs.shape)

    trace(INPUTS)
    assert seen == [(None, None, 4)]


def test_a_state_too_few_is_named():
    with pytest.raises(ValueError, match=r"`initial_state`.*\(2, 5\), \(2, 6\)"):
        argument_checks.check_states([tf.zeros((2, 5))], INPUTS, (5, 6))


@pytest.mark.parametrize("value", ["auto", True, False])
def test_values_of_use_cudnn_that_keras_takes(value):
    assert keras.layers.LSTM(2, use_cudnn=value).use_cudnn == value
    assert argument_checks.checked_use_cudnn(value) == value
