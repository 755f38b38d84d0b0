"""Raw pairs of texts to batches."""

import functools

import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnzoo.tasks.translation.model import Translator

texts = st.text("ab ", max_size=12)
# Subwords that are single bytes.
BYTES = {"source_vocabulary": [], "target_vocabulary": []}


@functools.cache
def translator(**settings):
    return Translator(units=2, embedding_dim=2, learned=BYTES, **settings)


def as_dataset(pairs):
    return tf.data.Dataset.from_tensor_slices(
        tuple(map(list, zip(*pairs, strict=True)))
    )


@settings(max_examples=5)
@given(pairs=st.lists(st.tuples(texts, texts), min_size=1, max_size=9))
def test_pipeline_keeps_every_pair_without_a_blank_side(pairs):
    model, found = translator(max_length=40, batch_size=4), []
    decode = model.texts.target.decode
    for ids, answers, weights in model.pipeline(as_dataset(pairs), training=True):
        assert ids["source"].shape == ids["target"].shape == answers.shape
        assert answers.shape[0] == 4 and answers.shape[1] in model.lengths()
        for source, target, answer, weight in zip(
            ids["source"], ids["target"], answers, weights, strict=True
        ):
            count = int(tf.reduce_sum(weight))
            if count == 0:  # A row that fills up the batch, or has a blank side.
                continue
            # The answers are the target, one step on, and then the end token.
            assert target[0] == 1 and answer[count - 1] == 2
            assert (target[1:count] == answer[: count - 1]).numpy().all()
            assert not tf.reduce_any(answer[count:] != 0)
            decoded = decode(tf.stack([source, answer])).numpy()
            found.append(tuple(text.decode() for text in decoded))
    stripped = [(a.strip(), b.strip()) for a, b in pairs]
    assert sorted(found) == sorted(pair for pair in stripped if all(pair))


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\u200b\u3000"])
def test_pair_with_a_blank_side_has_no_weight(blank):
    pairs = [("a", "b"), (blank, "b"), ("a", blank)]
    ((_, answers, weights),) = translator(batch_size=3).pipeline(as_dataset(pairs))
    counted = tf.reduce_any(weights > 0, axis=1)
    assert tf.reduce_sum(tf.cast(counted, tf.int32)) == 1
    assert not tf.reduce_any(answers[~counted] != 0)


def test_texts_longer_than_max_length_are_cut():
    model = translator(max_length=16, batch_size=1)
    ((ids, answers, weights),) = model.pipeline(as_dataset([("a" * 50, "b" * 50)]))
    assert ids["source"].shape == answers.shape == (1, 16)
    assert weights.numpy().all()
    # The source ends as it does in answers; the target does not end.
    assert ids["source"][0, -1] == 2
    assert not tf.reduce_any(answers == 2)


def test_weight_of_an_example_weighs_all_its_tokens():
    pairs = tf.data.Dataset.from_tensor_slices((["a", "a"], ["b", "bb"], [0.5, 2.0]))
    ((_, answers, weights),) = translator(batch_size=2).pipeline(pairs)
    expected = tf.cast(answers != 0, tf.float32) * [[0.5], [2.0]]
    assert (weights == expected).numpy().all()


@pytest.mark.parametrize(
    "data",
    [
        tf.data.Dataset.from_tensor_slices(["a"]),
        tf.data.Dataset.from_tensor_slices((["a"], [1])),
        tf.data.Dataset.from_tensor_slices((["a"], ["b"])).batch(1),
        ["a", "b"],
    ],
    ids=["no translation", "a number", "batched", "a list"],
)
def test_data_without_pairs_of_texts_raise(data):
    for use in (translator().pipeline, Translator().adapt):
        with pytest.raises(ValueError, match=r"\(text, translation\).*unbatch"):
            use(data)
