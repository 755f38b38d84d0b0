"""What holds for every decoder: steps are as all at once, and no padding is read."""

import numpy as np
import tensorflow as tf


def assert_step_by_step(made, x, states, source, mask):
    """The same outputs, weights and last states by `step`; returns the weights."""
    keys = made.make_keys(source)  # may be asked for before anything else
    outputs, weights, last = made(x, states, source, source_mask=mask)
    first, _, _ = made.step(x[:, 0], states, source, mask)  # makes the keys itself
    np.testing.assert_allclose(first, outputs[:, 0], atol=1e-5)
    for i in range(x.shape[1]):
        output, weight, states = made.step(x[:, i], states, source, mask, keys)
        np.testing.assert_allclose(output, outputs[:, i], atol=1e-5)
        np.testing.assert_allclose(weight, weights[:, i], atol=1e-5)
    for state, expected in zip(states, last, strict=True):
        for one, other in zip(state, expected, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-5)
    return weights


def assert_padding_is_not_read(made, x, states, source, mask):
    """What stands in the source where the mask is false makes no difference."""
    before = made(x, states, source, source_mask=mask)[0]
    source = tf.where(mask[..., None], source, 1e3)
    after = made(x, states, source, source_mask=mask)[0]
    np.testing.assert_allclose(before, after, atol=1e-5)
