"""Whether XLA compiles the graph that is being made."""

import tensorflow as tf

# No public function tells; TensorFlow's own loops ask this one.
from tensorflow.python.ops.control_flow_util import GraphOrParentsInXlaContext


def under_xla() -> bool:
    """Whether the current graph, or one around it, is compiled with XLA.

    >>> under_xla()
    False
    >>> tf.function(under_xla, jit_compile=True)().numpy()
    np.True_
    """
    return GraphOrParentsInXlaContext(tf.compat.v1.get_default_graph())
