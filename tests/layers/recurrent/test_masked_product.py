"""Products with a mask for each block of columns, against NumPy and the tape."""

import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.layers.recurrent.masked_product import (
    gradient_of_matrix,
    gradient_of_x,
    masked_product,
)

TIME, BATCH, FEATURES, WIDTH, BLOCKS = 3, 2, 5, 4, 3
RNG = np.random.default_rng(0)
X = RNG.normal(size=(TIME, BATCH, FEATURES))
MATRIX = RNG.normal(size=(FEATURES, WIDTH * BLOCKS))
D = RNG.normal(size=(TIME, BATCH, WIDTH * BLOCKS))
every_number = pytest.mark.parametrize("number", [0, 1, BLOCKS])


def masks(number):
    return [RNG.integers(0, 2, size=(BATCH, FEATURES)) * 2.0 for _ in range(number)]


@every_number
@pytest.mark.parametrize("x", [X[0], X], ids=["step", "all steps"])
def test_against_numpy(number, x):
    given = masks(number)
    blocks = np.split(MATRIX, max(1, number), axis=1)
    expected = np.concatenate(
        [(x * mask) @ u for mask, u in zip(given or [1.0], blocks, strict=True)], -1
    )
    got = masked_product(tf.constant(x), tf.constant(MATRIX), given)
    np.testing.assert_allclose(got, expected, rtol=1e-12)


@every_number
def test_gradients_against_the_tape(number):
    x, matrix, given = tf.constant(X), tf.constant(MATRIX), masks(number)
    with tf.GradientTape() as tape:
        tape.watch([x, matrix])
        loss = tf.reduce_sum(D * masked_product(x, matrix, given))
    dx, d_matrix = tape.gradient(loss, [x, matrix])
    np.testing.assert_allclose(gradient_of_matrix(X, D, given), d_matrix, rtol=1e-12)
    for t in range(TIME):
        step = gradient_of_x(tf.constant(D[t]), tf.transpose(matrix), given)
        np.testing.assert_allclose(step, dx[t], rtol=1e-12)
