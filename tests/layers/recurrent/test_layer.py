"""What every recurrent layer of the registry has to do."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.layers import (
    BATCH,
    FEATURES,
    MASK,
    TIME,
    UNITS,
    nodes,
    sequences,
    states,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnzoo.layers import LSTM, RECURRENT_LAYERS

every_layer = pytest.mark.parametrize("name", sorted(RECURRENT_LAYERS))


@every_layer
def test_stateful_goes_on_where_it_was(name):
    layer = RECURRENT_LAYERS[name](UNITS, stateful=True, return_sequences=True)
    whole = RECURRENT_LAYERS[name](UNITS, return_sequences=True)
    inputs = sequences("float32")
    layer.build(inputs.shape)
    whole.build(inputs.shape)
    layer.cell.set_weights(whole.cell.get_weights())
    parts = [layer(inputs[:, :3]), layer(inputs[:, 3:])]
    np.testing.assert_allclose(tf.concat(parts, 1), whole(inputs), atol=1e-6)
    layer.reset_state()
    np.testing.assert_allclose(layer(inputs[:, :3]), parts[0], atol=1e-6)


@every_layer
def test_cell_step_by_step_is_the_layer(name):
    layer = RECURRENT_LAYERS[name](UNITS, return_sequences=True)
    inputs = sequences("float32")
    expected = layer(inputs)
    state = layer.cell.get_initial_state(BATCH)
    for t in range(TIME):
        output, state = layer.cell(inputs[:, t], state)
        np.testing.assert_allclose(output, expected[:, t], atol=1e-6)


@every_layer
def test_cell_serves_in_keras_rnn(name):
    layer = RECURRENT_LAYERS[name](UNITS)
    inputs = sequences("float32")
    expected = layer(inputs)
    np.testing.assert_allclose(
        keras.layers.RNN(layer.cell)(inputs), expected, atol=1e-6
    )


@every_layer
@settings(max_examples=20)
@given(
    lengths=st.lists(st.integers(0, TIME), min_size=BATCH, max_size=BATCH),
    padding=st.integers(0, 4),
)
def test_padding_changes_nothing(name, lengths, padding):
    keras.utils.set_random_seed(3)
    layer = RECURRENT_LAYERS[name](UNITS)
    inputs = sequences("float32")
    mask = tf.sequence_mask(lengths, TIME)
    noise = 9 * sequences("float32", seed=4)
    padded = tf.concat([tf.where(mask[..., None], inputs, noise), noise], axis=1)
    longer = tf.sequence_mask(lengths, TIME + padding)
    np.testing.assert_allclose(
        layer(padded[:, : TIME + padding], mask=longer),
        layer(inputs, mask=mask),
        atol=1e-6,
    )


@every_layer
def test_dropout_only_in_training(name):
    layer = RECURRENT_LAYERS[name](UNITS, dropout=0.5, recurrent_dropout=0.5, seed=1)
    plain = RECURRENT_LAYERS[name](UNITS)
    inputs = sequences("float32")
    plain.build(inputs.shape)
    layer.build(inputs.shape)
    plain.set_weights(layer.get_weights())
    np.testing.assert_allclose(layer(inputs), plain(inputs), atol=1e-6)
    first, second = (layer(inputs, training=True).numpy() for _ in range(2))
    assert np.abs(first - second).max() > 1e-3


@every_layer
@pytest.mark.parametrize("layer_or_cell", ["layer", "cell"])
def test_every_argument_is_in_the_config(name, layer_or_cell):
    layer = RECURRENT_LAYERS[name]
    kind = layer if layer_or_cell == "layer" else layer.cell_class
    own = {
        "epsilon": 0.5,
        "implementation": 1,
        "output_activation": "sigmoid",
        "output_units": 2,
        "projection": 2,
        "recurrent_activation": "tanh",
        "reset_after": False,
        "return_sequences": True,
        "return_state": True,
        "stateful": True,
        "unit_forget_bias": False,
        "unroll": True,
        "use_cudnn": False,
        "zero_output_for_mask": True,
    }
    known = {*kind(UNITS).get_config(), *layer.cell_class.own_arguments}
    given = {
        "units": UNITS,
        "use_bias": False,
        "activation": "relu",
        "dropout": 0.1,
        "recurrent_dropout": 0.2,
        "seed": 5,
        "trainable": False,
        "name": "some",
        **{k: v for k, v in own.items() if k in known},
    }
    config = kind(**given).get_config()
    assert given.items() <= config.items()
    assert kind.from_config(config).get_config() == config


@every_layer
def test_config_and_file_round_trip(name, tmp_path):
    layer = RECURRENT_LAYERS[name](
        UNITS,
        activation="relu",
        use_bias=False,
        kernel_initializer="he_normal",
        recurrent_regularizer=keras.regularizers.L2(0.1),
        kernel_constraint="non_neg",
        dropout=0.1,
        recurrent_dropout=0.2,
        seed=5,
        return_sequences=True,
        go_backwards=True,
        zero_output_for_mask=True,
        activity_regularizer="l1",
        name="recurrent",
    )
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    model = keras.Sequential([keras.Input((None, FEATURES)), layer])
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    inputs = sequences("float32")
    np.testing.assert_array_equal(model(inputs), loaded(inputs))
    assert loaded.layers[0].get_config() == layer.get_config()


@every_layer
@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision(name, policy):
    layer = RECURRENT_LAYERS[name](UNITS, dtype=policy, return_state=True)
    inputs = sequences("float32")
    with tf.GradientTape() as tape:
        output, *last = layer(inputs, training=True)
        loss = tf.reduce_sum(output)
    assert {t.dtype.name for t in (output, *last)} == {policy.removeprefix("mixed_")}
    gradients = tape.gradient(loss, layer.trainable_variables)
    assert all(np.isfinite(g).all() for g in gradients)


@every_layer
def test_inference_graph_is_plain(name):
    """Nothing in it that a server with XLA off, or without Python, cannot run."""
    layer = RECURRENT_LAYERS[name](UNITS, dropout=0.5, recurrent_dropout=0.5)
    layer.build((None, None, FEATURES))
    spec = tf.TensorSpec([None, None, FEATURES])
    found = nodes(tf.function(layer).get_concrete_function(spec))
    assert not any("_gradient_op_type" in node.attr for node in found)
    assert not any("Random" in node.op or "PyFunc" in node.op for node in found)
    assert not any(node.attr["_XlaMustCompile"].b for node in found)


@every_layer
def test_bad_arguments_are_named(name):
    layer = RECURRENT_LAYERS[name]
    for kind in (layer, layer.cell_class):
        for units in (0, 2.5, "3"):
            with pytest.raises(ValueError, match=f"`units`.* {units!r}"):
                kind(units)
        with pytest.raises(ValueError, match=r"`dropout`.* -0\.1"):
            kind(2, dropout=-0.1)
        with pytest.raises(ValueError, match=r"`recurrent_dropout`.* 1\."):
            kind(2, recurrent_dropout=1)


@every_layer
def test_bad_inputs_are_named(name):
    layer, inputs = RECURRENT_LAYERS[name](UNITS), sequences("float32")
    for shape in ((BATCH, UNITS + 1), (BATCH - 1, UNITS)):
        wrong = [tf.zeros(shape) for _ in layer.state_size]
        message = rf"`initial_state`.*\(4, 3\).*\({shape[0]}, {shape[1]}\)"
        with pytest.raises(ValueError, match=message):
            layer(inputs, initial_state=wrong)
    with pytest.raises(ValueError, match=r"`mask`.*float32"):
        layer(inputs, mask=tf.constant(MASK, "float32"))
    with pytest.raises(ValueError, match=r"`mask`.*\(4, 7\).*\(4, 6\)"):
        layer(inputs, mask=tf.constant(MASK[:, 1:]))
    with pytest.raises(ValueError, match=r"`sequences`.*\(2, 3\)"):
        layer(tf.zeros((2, 3)))


@pytest.mark.parametrize("name", ["gru", "lstm"])
def test_use_cudnn_and_implementation_are_kept(name):
    layer = RECURRENT_LAYERS[name](UNITS, use_cudnn=False, implementation=1)
    config = type(layer).from_config(layer.get_config()).get_config()
    assert (config["use_cudnn"], config["implementation"]) == (False, 1)
    with pytest.raises(ValueError, match=r"`use_cudnn`.*'never'"):
        RECURRENT_LAYERS[name](UNITS, use_cudnn="never")


def test_initial_state_is_used():
    layer = LSTM(UNITS)
    inputs = sequences("float32")
    given_states = layer(inputs, initial_state=states(layer))
    assert np.abs(given_states - layer(inputs)).max() > 1e-3


@every_layer
def test_saved_model_of_a_trained_layer_is_plain(name, tmp_path):
    """What training compiled is not stored with it."""
    layer = RECURRENT_LAYERS[name](UNITS)
    layer(sequences("float32"), training=True)
    tf.saved_model.save(
        layer,
        tmp_path / "layer",
        tf.function(layer).get_concrete_function(tf.TensorSpec([None, None, FEATURES])),
    )
    assert b"_XlaMustCompile" not in (tmp_path / "layer/saved_model.pb").read_bytes()


@pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`:UserWarning")
def test_arguments_of_the_base_layer_reach_it():
    model = keras.Sequential([LSTM(UNITS, input_shape=(TIME, FEATURES))])
    assert model.built
    with pytest.raises(ValueError, match="nonsense"):
        LSTM(UNITS, nonsense=1)
