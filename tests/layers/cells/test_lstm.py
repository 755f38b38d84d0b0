"""The LSTM's equations, written out in NumPy."""

import numpy as np
import pytest
import tensorflow as tf
from harness.layers import FEATURES, TIME, UNITS, sequences, sigmoid

from rnnzoo.layers import LSTM


def test_against_numpy():
    layer = LSTM(UNITS, return_state=True, dtype="float64")
    inputs = sequences().numpy()
    output, last_h, last_c = layer(inputs)
    kernel, recurrent_kernel, bias = layer.get_weights()
    h = c = np.zeros((len(inputs), UNITS))
    for t in range(TIME):
        z = inputs[:, t] @ kernel + h @ recurrent_kernel + bias
        i, f, candidate, o = np.split(z, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(candidate)
        h = sigmoid(o) * np.tanh(c)
    np.testing.assert_allclose(output, h, rtol=1e-12)
    np.testing.assert_allclose(last_h, h, rtol=1e-12)
    np.testing.assert_allclose(last_c, c, rtol=1e-12)


def test_forget_bias_starts_at_one():
    layer = LSTM(UNITS)
    layer.build((None, None, FEATURES))
    _, _, bias = layer.get_weights()
    assert bias.tolist() == [0] * UNITS + [1] * UNITS + [0] * 2 * UNITS
    layer = LSTM(UNITS, unit_forget_bias=False)
    layer.build((None, None, FEATURES))
    assert not layer.get_weights()[2].any()


def test_open_forget_and_closed_input_gate_keep_the_first_state():
    layer = LSTM(UNITS, return_state=True)
    layer.build((None, None, FEATURES))
    kernel, recurrent_kernel, _ = layer.get_weights()
    gates = np.repeat([-50.0, 50.0, 0.0, 0.0], UNITS)
    layer.set_weights([0 * kernel, 0 * recurrent_kernel, gates])
    first = tf.fill((4, UNITS), 0.7)
    *_, c = layer(sequences("float32"), initial_state=[first, first])
    np.testing.assert_allclose(c, first, atol=1e-6)


def test_projection_against_numpy():
    layer = LSTM(UNITS, projection=2, return_state=True, dtype="float64")
    inputs = sequences().numpy()
    output, last_h, last_c = layer(inputs)
    kernel, recurrent_kernel, bias, projection = layer.get_weights()
    h, c = np.zeros((len(inputs), 2)), np.zeros((len(inputs), UNITS))
    for t in range(TIME):
        z = inputs[:, t] @ kernel + h @ recurrent_kernel + bias
        i, f, candidate, o = np.split(z, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(candidate)
        h = (sigmoid(o) * np.tanh(c)) @ projection
    np.testing.assert_allclose(output, h, rtol=1e-12)
    np.testing.assert_allclose(last_h, h, rtol=1e-12)
    np.testing.assert_allclose(last_c, c, rtol=1e-12)


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
def test_projection_against_pytorch():
    """Outputs and gradients; the gates stand in the same order there."""
    torch = pytest.importorskip("torch")
    layer = LSTM(UNITS, projection=2, return_sequences=True)
    inputs = sequences("float32")
    layer.build(inputs.shape)
    oracle = torch.nn.LSTM(FEATURES, UNITS, proj_size=2, batch_first=True)
    kernel, recurrent_kernel, bias, projection = layer.get_weights()
    state = {
        "weight_ih_l0": kernel.T,
        "weight_hh_l0": recurrent_kernel.T,
        "bias_ih_l0": bias,
        "bias_hh_l0": 0 * bias,
        "weight_hr_l0": projection.T,
    }
    oracle.load_state_dict({k: torch.tensor(v) for k, v in state.items()})
    x = torch.tensor(inputs.numpy(), requires_grad=True)
    expected, _ = oracle(x)
    torch.sin(expected).sum().backward()
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs, training=True)
        loss = tf.reduce_sum(tf.sin(outputs))
    np.testing.assert_allclose(outputs, expected.detach(), atol=1e-5)
    sources = [inputs, layer.cell.projection_kernel.value]
    dx, d_projection = tape.gradient(loss, sources)
    np.testing.assert_allclose(dx, x.grad, atol=1e-5)
    np.testing.assert_allclose(d_projection, oracle.weight_hr_l0.grad.T, atol=1e-5)


def test_projection_is_checked():
    with pytest.raises(ValueError, match=r"`projection`.* 0"):
        LSTM(UNITS, projection=0)
