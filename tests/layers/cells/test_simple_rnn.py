"""The simple recurrent network's equation, written out in NumPy."""

import numpy as np
from harness.layers import TIME, UNITS, sequences

from rnnzoo.layers import SimpleRNN


def test_against_numpy():
    layer = SimpleRNN(UNITS, return_sequences=True, dtype="float64")
    inputs = sequences().numpy()
    outputs = layer(inputs).numpy()
    kernel, recurrent_kernel, bias = layer.get_weights()
    h = np.zeros((len(inputs), UNITS))
    for t in range(TIME):
        h = np.tanh(inputs[:, t] @ kernel + h @ recurrent_kernel + bias)
        np.testing.assert_allclose(outputs[:, t], h, rtol=1e-12)
