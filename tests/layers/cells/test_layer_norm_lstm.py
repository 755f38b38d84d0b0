"""The equations of the LSTM with layer normalisation, written out in NumPy."""

import numpy as np
import pytest
from harness.layers import TIME, UNITS, sequences, sigmoid

from rnnzoo.layers import LayerNormLSTM, LayerNormLSTMCell


def normalized(v, epsilon):
    mean, variance = v.mean(axis=1, keepdims=True), v.var(axis=1, keepdims=True)
    return (v - mean) / np.sqrt(variance + epsilon)


def test_against_numpy():
    layer = LayerNormLSTM(UNITS, epsilon=1e-2, return_state=True, dtype="float64")
    inputs = sequences().numpy()
    layer.build(inputs.shape)
    rng = np.random.default_rng(5)
    layer.set_weights([rng.normal(size=w.shape) for w in layer.get_weights()])
    output, _, last_c = layer(inputs)
    kernel, u, bias, g_x, g_h, g_c, b_c = layer.get_weights()
    h = c = np.zeros((len(inputs), UNITS))
    for t in range(TIME):
        z = g_x * normalized(inputs[:, t] @ kernel, 1e-2) + bias
        z = z + g_h * normalized(h @ u, 1e-2)
        i, f, candidate, o = np.split(z, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(candidate)
        h = sigmoid(o) * np.tanh(g_c * normalized(c, 1e-2) + b_c)
    np.testing.assert_allclose(output, h, rtol=1e-10)
    np.testing.assert_allclose(last_c, c, rtol=1e-10)


def test_scale_of_the_weights_does_not_matter():
    """What the normalisation is for (Ba et al. 2016, section 5.1)."""
    layer = LayerNormLSTM(UNITS, epsilon=1e-12, dtype="float64")
    before = layer(sequences())
    kernel, u, *rest = layer.get_weights()
    layer.set_weights([7 * kernel, 3 * u, *rest])
    np.testing.assert_allclose(layer(sequences()), before, rtol=1e-6)


def test_epsilon_is_checked():
    with pytest.raises(ValueError, match=r"`epsilon`.* 0"):
        LayerNormLSTMCell(UNITS, epsilon=0)
