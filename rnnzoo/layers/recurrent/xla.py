"""Detection of XLA."""

import tensorflow as tf

# There is no public function for this; TensorFlow's own loops use this one.
from tensorflow.python.ops.control_flow_util import GraphOrParentsInXlaContext


def under_xla() -> bool:
    """Returns whether XLA compiles the current graph or one around it.

    >>> under_xla()
    False
    >>> tf.function(under_xla, jit_compile=True)().numpy()
    np.True_
    """
    return GraphOrParentsInXlaContext(tf.compat.v1.get_default_graph())
