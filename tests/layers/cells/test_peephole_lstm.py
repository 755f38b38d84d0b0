"""The equations of the LSTM with peepholes, written out in NumPy."""

import numpy as np
from harness.layers import TIME, UNITS, sequences, sigmoid

from rnnzoo.layers import LSTM, PeepholeLSTM


def test_against_numpy():
    layer = PeepholeLSTM(UNITS, return_state=True, dtype="float64")
    inputs = sequences().numpy()
    output, _, last_c = layer(inputs)
    kernel, recurrent_kernel, bias, (p_i, p_f, p_o) = layer.get_weights()
    h = c = np.zeros((len(inputs), UNITS))
    for t in range(TIME):
        z = inputs[:, t] @ kernel + h @ recurrent_kernel + bias
        i, f, candidate, o = np.split(z, 4, axis=1)
        c = sigmoid(f + p_f * c) * c + sigmoid(i + p_i * c) * np.tanh(candidate)
        h = sigmoid(o + p_o * c) * np.tanh(c)
    np.testing.assert_allclose(output, h, rtol=1e-12)
    np.testing.assert_allclose(last_c, c, rtol=1e-12)


def test_without_peepholes_it_is_the_lstm():
    layer, plain = (kind(UNITS, dtype="float64") for kind in (PeepholeLSTM, LSTM))
    layer(sequences()), plain(sequences())
    weights = layer.get_weights()
    layer.set_weights([*weights[:3], 0 * weights[3]])
    plain.set_weights(weights[:3])
    np.testing.assert_allclose(layer(sequences()), plain(sequences()), rtol=1e-12)
