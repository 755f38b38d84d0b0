"""`check_graph`: what cannot be served is refused by its name."""

import pytest
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from rnnzoo.export.graph_check import check_graph

SPEC = tf.TensorSpec([None, None], name="x")
CASES = {
    "fine": (lambda x: x + 1, None),
    "python": (
        lambda x: tf.py_function(lambda x: x, [x], tf.float32),
        "EagerPyFunc",
    ),
    "numpy": (lambda x: tf.numpy_function(lambda x: x, [x], tf.float32), "PyFunc"),
    "in a function": (
        tf.function(lambda x: tf.numpy_function(lambda x: x, [x], tf.float32)),
        "PyFunc",
    ),
    "compiled": (
        tf.function(lambda x: x + 1, jit_compile=True),
        "PartitionedCall.*XLA",
    ),
    "half": (lambda x: tf.cast(x, tf.bfloat16), "'y'.*bfloat16"),
    "complex": (lambda x: tf.cast(x, tf.complex64), "'y'.*complex64"),
    "unsigned": (lambda x: tf.cast(x, tf.uint64), "'y'.*uint64"),
    "float64": (lambda x: tf.cast(x, tf.float64), None),
    "int64": (lambda x: tf.cast(x, tf.int64), None),
    "bool": (lambda x: x > 0, None),
    "text": (tf.as_string, None),
    "ragged": (
        lambda x: tf.RaggedTensor.from_tensor(x),
        r"'y'.*'serving_default'.*`to_tensor\(\)`",
    ),
    "scalar": (tf.reduce_sum, "'y'.*'serving_default'.*scalar"),
}


@pytest.mark.parametrize("case", CASES)
def test_check_graph_refuses_what_cannot_be_served(case, tmp_path):
    function, message = CASES[case]
    concrete = tf.function(lambda x: {"y": function(x)}).get_concrete_function(SPEC)
    module = tf.Module()
    tf.saved_model.save(module, tmp_path, {"serving_default": concrete})
    if message is None:
        check_graph(tmp_path)
    else:
        with pytest.raises(ValueError, match=message):
            check_graph(tmp_path)


def test_check_graph_refuses_cudnn(tmp_path):
    """Written by hand: there is no such operation without a GPU."""
    saved_model = saved_model_pb2.SavedModel()
    graph = saved_model.meta_graphs.add().graph_def
    function = graph.library.function.add()
    function.node_def.add(name="lstm/rnn", op="CudnnRNNV3")
    (tmp_path / "saved_model.pb").write_bytes(saved_model.SerializeToString())
    with pytest.raises(ValueError, match=r"CudnnRNNV3 \(lstm/rnn\).*use_cudnn=False"):
        check_graph(tmp_path)
