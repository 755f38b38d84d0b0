"""What all cells have from `RecurrentCell`."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.layers import GRUCell, LSTMCell, RecurrentCell, SimpleRNNCell


@pytest.mark.parametrize("cell_class", [GRUCell, LSTMCell, SimpleRNNCell])
def test_states_come_back_nested_as_they_came(cell_class):
    cell = cell_class(2)
    inputs, initial = tf.ones((3, 4)), cell.get_initial_state(3)
    output, after = cell(inputs, initial)
    assert isinstance(after, list)
    assert len(after) == len(initial)
    np.testing.assert_array_equal(output, after[0])
    if len(initial) == 1:
        _, alone = cell(inputs, initial[0])
        np.testing.assert_array_equal(alone, output)


def test_weights_have_keras_names_and_shapes():
    cell = GRUCell(2)
    cell.build((None, 5))
    assert {w.name: tuple(w.shape) for w in cell.weights if w.trainable} == {
        "kernel": (5, 6),
        "recurrent_kernel": (2, 6),
        "bias": (2, 6),
    }


def test_a_new_cell_is_its_equations():
    class LeakyCell(RecurrentCell, keras.layers.SimpleRNNCell):
        def update(self, a, r, states, *, activation):
            return (0.5 * states[0] + 0.5 * activation(a + r),)

    cell = LeakyCell(2, kernel_initializer="ones", recurrent_initializer="zeros")
    output, _ = cell(tf.ones((1, 3)), [tf.ones((1, 2))])
    np.testing.assert_allclose(output, 0.5 + 0.5 * np.tanh([[3.0, 3.0]]), rtol=1e-6)


def test_a_cell_without_equations_says_so():
    class NoCell(RecurrentCell, keras.layers.SimpleRNNCell):
        pass

    with pytest.raises(NotImplementedError, match=r"NoCell.*`update`"):
        NoCell(2)(tf.ones((1, 3)), [tf.ones((1, 2))])


@pytest.mark.parametrize("cell_class", [GRUCell, LSTMCell, SimpleRNNCell])
def test_config_round_trip(cell_class):
    cell = cell_class(2, activation="relu", dropout=0.1, seed=3)
    assert cell_class.from_config(cell.get_config()).get_config() == cell.get_config()
