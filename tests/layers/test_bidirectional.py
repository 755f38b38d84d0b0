"""Masks through recurrent layers and through `Bidirectional`."""

import keras
import pytest
import tensorflow as tf

from rnnzoo.layers import RECURRENT_LAYERS, Bidirectional


@pytest.mark.parametrize("cell", RECURRENT_LAYERS)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_mask_reaches_the_layers_above(cell, bidirectional):
    layer = RECURRENT_LAYERS[cell](3, return_sequences=True)
    layer = Bidirectional(layer) if bidirectional else layer
    assert layer.supports_masking
    ids = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(9, 4, mask_zero=True)(ids)
    outputs = keras.Model(ids, layer(x))(tf.constant([[3, 4, 0]]))
    mask = outputs._keras_mask
    assert mask.numpy().tolist() == [[True, True, False]]


def test_config_round_trip_keeps_the_class():
    layer = Bidirectional(RECURRENT_LAYERS["lstm"](3), merge_mode="sum")
    config = keras.saving.serialize_keras_object(layer)
    twin = keras.saving.deserialize_keras_object(config)
    assert type(twin) is Bidirectional
    assert twin.merge_mode == "sum"
