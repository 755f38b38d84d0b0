"""Attention, against NumPy written out."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.layers import BahdanauAttention, LuongAttention

LENGTHS = [7, 1, 4]
every_attention = pytest.mark.parametrize(
    "make",
    [
        lambda **kwargs: BahdanauAttention(5, **kwargs),
        lambda **kwargs: LuongAttention("dot", **kwargs),
        lambda **kwargs: LuongAttention("general", **kwargs),
    ],
    ids=["bahdanau", "dot", "general"],
)


def arrays(dtype="float64"):
    generator = np.random.default_rng(3)
    query, values = (generator.normal(size=(3, n, 6)).astype(dtype) for n in (2, 7))
    return query, values, np.arange(7) < np.array(LENGTHS)[:, None]


def scores(layer, query, values):
    if isinstance(layer, BahdanauAttention):
        kernel, (key_kernel, bias) = layer.query_kernel.kernel, layer.key_kernel.weights
        hidden = (query @ kernel.numpy())[:, :, None] + (
            values @ key_kernel.numpy() + bias.numpy()
        )[:, None]
        return np.tanh(hidden) @ layer.attention.scale.numpy()
    if layer.score == "general":
        values = values @ layer.kernel.numpy()
    return np.einsum("bqf,bsf->bqs", query, values)


@every_attention
def test_against_numpy(make):
    query, values, mask = arrays()
    layer = make(dtype="float64")
    layer(query, values)
    for weight in layer.weights:
        weight.assign(np.random.default_rng(4).normal(size=weight.shape))
    context, weights = layer(query, values, values_mask=tf.constant(mask))
    found = np.exp(scores(layer, query, values)) * mask[:, None]
    found /= found.sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(weights, found, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(
        context, np.einsum("bqs,bsf->bqf", found, values), rtol=1e-9
    )


@every_attention
def test_keys_may_be_made_once(make):
    query, values, mask = arrays("float32")
    layer = make()
    whole = layer(query, values, values_mask=tf.constant(mask))
    keys = layer.make_keys(tf.constant(values))
    for i in range(2):
        step = layer(
            query[:, i : i + 1], values, keys=keys, values_mask=tf.constant(mask)
        )
        for part, all_steps in zip(step, whole, strict=True):
            np.testing.assert_allclose(part, all_steps[:, i : i + 1], rtol=1e-5)


def test_keys_may_be_made_first():
    query, values, _ = arrays("float32")
    layer = BahdanauAttention(5)
    keys = layer.make_keys(tf.constant(values))
    context, weights = layer(query, values, keys=keys)
    expected, expected_weights = layer(query, values)
    np.testing.assert_array_equal(context, expected)
    np.testing.assert_array_equal(weights, expected_weights)


def test_keys_of_queries_of_unknown_size():
    with pytest.raises(ValueError, match=r"`make_keys`.*`build\("):
        LuongAttention("general").make_keys(tf.zeros([1, 2, 3]))


@every_attention
@pytest.mark.parametrize("dtype", ["float32", "mixed_float16", "mixed_bfloat16"])
def test_a_loop_weighs_as_a_call(make, dtype):
    query, values, mask = (tf.constant(array) for array in arrays("float32"))
    layer = make(dtype=dtype)
    _, expected = layer(query, values, values_mask=mask)
    query, values = (tf.cast(each, layer.compute_dtype) for each in (query, values))
    keys = layer.make_keys(values)
    for i in range(2):
        weights = layer.weigh(query[:, i], keys, mask, tf.tanh)
        assert weights.dtype == layer.compute_dtype
        atol = {"float32": 1e-6, "mixed_float16": 5e-3, "mixed_bfloat16": 3e-2}[dtype]
        np.testing.assert_allclose(
            *(tf.cast(each, tf.float32) for each in (weights, expected[:, i])),
            atol=atol,
        )
        assert (tf.cast(weights, tf.float32).numpy()[~mask] == 0).all()


@every_attention
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision(make, dtype):
    query, values, mask = (tf.constant(a) for a in arrays("float32"))
    context, weights = make(dtype=f"mixed_{dtype}")(
        30 * query, 30 * values, values_mask=mask
    )
    assert context.dtype == weights.dtype == dtype
    assert np.isfinite(tf.cast(context, tf.float32)).all()
    assert (
        tf.cast(weights, tf.float32).numpy()[~np.repeat(mask[:, None], 2, 1)] == 0
    ).all()


@every_attention
def test_config_round_trip(make):
    query, values, _ = arrays("float32")
    layer = make()
    twin = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(layer)
    )
    first = layer(query, values)
    twin(query, values)
    twin.set_weights(layer.get_weights())
    np.testing.assert_array_equal(twin(query, values)[0], first[0])


def test_a_product_of_unlike_sizes():
    with pytest.raises(ValueError, match=r" 2 and 3.*score=.general"):
        LuongAttention("dot")(tf.zeros([1, 1, 2]), tf.zeros([1, 4, 3]))
    context, _ = LuongAttention("general")(tf.zeros([1, 1, 2]), tf.zeros([1, 4, 3]))
    assert context.shape == (1, 1, 3)


def test_unknown_score():
    with pytest.raises(ValueError, match=r"`score`.*'concat'"):
        LuongAttention("concat")
