"""The GRU's equations, written out in NumPy."""

import numpy as np
import pytest
import tensorflow as tf
from harness.layers import FEATURES, TIME, UNITS, sequences, sigmoid

from rnnzoo.layers import GRU


@pytest.mark.parametrize("reset_after", [True, False])
def test_against_numpy(reset_after):
    layer = GRU(
        UNITS, reset_after=reset_after, bias_initializer="normal", dtype="float64"
    )
    inputs = sequences().numpy()
    output = layer(inputs)
    kernel, u, bias = layer.get_weights()
    b, recurrent_b = bias if reset_after else (bias, np.zeros_like(bias))
    u_z, u_r, u_h = np.split(u, 3, axis=1)
    b_z, b_r, b_h = np.split(recurrent_b, 3)
    h = np.zeros((len(inputs), UNITS))
    for t in range(TIME):
        a_z, a_r, a_h = np.split(inputs[:, t] @ kernel + b, 3, axis=1)
        z = sigmoid(a_z + h @ u_z + b_z)
        r = sigmoid(a_r + h @ u_r + b_r)
        past = r * (h @ u_h + b_h) if reset_after else (r * h) @ u_h
        h = z * h + (1 - z) * np.tanh(a_h + past)
    np.testing.assert_allclose(output, h, rtol=1e-12)


def test_update_gate_of_one_keeps_the_first_state():
    layer = GRU(UNITS)
    layer.build((None, None, FEATURES))
    kernel, recurrent_kernel, bias = layer.get_weights()
    bias[0, :UNITS] = 50
    layer.set_weights([0 * kernel, 0 * recurrent_kernel, bias])
    first = tf.fill((4, UNITS), 0.7)
    np.testing.assert_allclose(
        layer(sequences("float32"), initial_state=[first]), first, atol=1e-6
    )
