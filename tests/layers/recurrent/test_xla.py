"""Whether XLA compiles the graph that is being made."""

import pytest
import tensorflow as tf

from rnnzoo.layers.recurrent.xla import under_xla


@pytest.mark.parametrize("jit_compile", [True, False])
def test_within_a_function_and_a_loop_in_it(jit_compile):
    seen = []

    def body(i):
        seen.append(under_xla())
        return i + 1

    @tf.function(jit_compile=jit_compile)
    def function():
        seen.append(under_xla())
        return tf.while_loop(lambda i: i < 3, body, [tf.constant(0)])

    function()
    assert seen
    assert set(seen) == {jit_compile}


def test_a_function_called_by_a_compiled_one():
    seen = []
    inner = tf.function(lambda: seen.append(under_xla()))
    tf.function(lambda: inner(), jit_compile=True)()
    assert seen == [True]
