"""The activations of compiled loops, against those of NumPy."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.layers.recurrent.activations import for_loops, sigmoid, tanh

EXACT = {tanh: np.tanh, sigmoid: lambda x: 1 / (1 + np.exp(-x))}
every_activation = pytest.mark.parametrize("activation", EXACT)


@every_activation
def test_close_over_the_whole_range(activation):
    x = np.linspace(-100, 100, 200_001)
    values = activation(tf.constant(x, "float32")).numpy()
    np.testing.assert_allclose(values, EXACT[activation](x), rtol=0, atol=5e-7)
    assert np.abs(values).max() <= 1


@every_activation
def test_exact_in_double_precision(activation):
    x = np.linspace(-30, 30, 1001)
    np.testing.assert_allclose(
        activation(tf.constant(x)), EXACT[activation](x), rtol=0, atol=1e-15
    )


@every_activation
def test_gradient_is_a_difference_quotient(activation):
    x = np.linspace(-10, 10, 401)
    variable = tf.constant(x, "float32")
    with tf.GradientTape() as tape:
        tape.watch(variable)
        y = activation(variable)
    exact = EXACT[activation]
    slope = (exact(x + 1e-5) - exact(x - 1e-5)) / 2e-5
    np.testing.assert_allclose(tape.gradient(y, variable), slope, atol=1e-6)


@every_activation
def test_what_is_no_number_stays_none(activation):
    assert np.isnan(activation(tf.constant([np.nan])).numpy()).all()
    ends = activation(tf.constant([-np.inf, np.inf])).numpy()
    np.testing.assert_allclose(ends, EXACT[activation](np.array([-99, 99])), atol=1e-6)


@every_activation
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_stays_half(activation, dtype):
    assert activation(tf.ones(2, dtype)).dtype == dtype


def test_only_what_has_a_faster_form_is_changed():
    assert for_loops(keras.activations.tanh) is tanh
    assert for_loops(keras.activations.sigmoid) is sigmoid
    assert for_loops(keras.activations.relu) is keras.activations.relu
