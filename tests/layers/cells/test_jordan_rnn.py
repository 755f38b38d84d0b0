"""The Jordan network's equations, written out in NumPy."""

import numpy as np
import pytest
from harness.layers import FEATURES, TIME, UNITS, sequences, sigmoid

from rnnzoo.layers import JordanRNN, JordanRNNCell


def test_against_numpy():
    layer = JordanRNN(
        UNITS,
        output_units=2,
        output_activation="sigmoid",
        bias_initializer="normal",
        return_sequences=True,
        dtype="float64",
    )
    inputs = sequences().numpy()
    outputs = layer(inputs).numpy()
    kernel, u, b, v, c = layer.get_weights()
    y = np.zeros((len(inputs), 2))
    for t in range(TIME):
        h = np.tanh(inputs[:, t] @ kernel + b + y @ u)
        y = sigmoid(h @ v + c)
        np.testing.assert_allclose(outputs[:, t], y, rtol=1e-12)


def test_sizes():
    cell = JordanRNNCell(UNITS)
    assert cell.state_size == cell.output_size == UNITS
    layer = JordanRNN(UNITS, output_units=2, return_sequences=True, return_state=True)
    shapes = layer.compute_output_shape((4, TIME, FEATURES))
    assert shapes == ((4, TIME, 2), (4, 2))
    with pytest.raises(ValueError, match=r"`output_units`.* 0"):
        JordanRNNCell(UNITS, output_units=0)
