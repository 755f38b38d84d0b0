"""Pairs of texts to batches."""

import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnzoo.data.batching import bucket_lengths
from rnnzoo.tasks.translation.batches import check_pairs, translation_batches
from rnnzoo.text import SubwordVectorizer

BYTES = SubwordVectorizer([])
texts = st.text("ab ", max_size=12)


def as_dataset(pairs):
    return tf.data.Dataset.from_tensor_slices(
        tuple(map(list, zip(*pairs, strict=True)))
    )


@settings(max_examples=8)
@given(pairs=st.lists(st.tuples(texts, texts), min_size=1, max_size=9))
def test_every_pair_without_a_blank_side_comes_once_whole(pairs):
    found = []
    lengths = bucket_lengths(40, shortest=8)
    for ids, answers, weights in translation_batches(
        as_dataset(pairs), BYTES, BYTES, batch_size=4, lengths=lengths, training=True
    ):
        assert ids["source"].shape == ids["target"].shape == answers.shape
        assert answers.shape[0] == 4 and answers.shape[1] in lengths
        for source, target, answer, weight in zip(
            ids["source"], ids["target"], answers, weights, strict=True
        ):
            count = int(tf.reduce_sum(weight))
            if count == 0:  # A row that fills up the batch, or has a blank side.
                assert not tf.reduce_any(answer != 0)
                continue
            # What comes next is the target, one step on, and then the end.
            assert target[0] == 1 and answer[count - 1] == 2
            assert (target[1:count] == answer[: count - 1]).numpy().all()
            assert not tf.reduce_any(answer[count:] != 0)
            decoded = BYTES.decode(tf.stack([source, answer])).numpy()
            found.append(tuple(text.decode() for text in decoded))
    stripped = [(a.strip(), b.strip()) for a, b in pairs]
    assert sorted(found) == sorted(pair for pair in stripped if all(pair))


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\u200b\u3000"])
def test_a_pair_with_a_blank_side_does_not_count(blank):
    pairs = [("a", "b"), (blank, "b"), ("a", blank)]
    how = {"batch_size": 3, "lengths": [16], "training": False}
    ((_, answers, weights),) = translation_batches(
        as_dataset(pairs), BYTES, BYTES, **how
    )
    counted = tf.reduce_any(weights > 0, axis=1)
    assert tf.reduce_sum(tf.cast(counted, tf.int32)) == 1
    assert not tf.reduce_any(answers[~counted] != 0)


def test_what_is_too_long_is_cut():
    ((ids, answers, weights),) = translation_batches(
        as_dataset([("a" * 50, "b" * 50)]),
        BYTES,
        BYTES,
        batch_size=1,
        lengths=[8, 16],
        training=False,
    )
    assert ids["source"].shape == answers.shape == (1, 16)
    assert weights.numpy().all()
    # What is read ends as it does in answers, what is written goes on.
    assert ids["source"][0, -1] == 2
    assert not tf.reduce_any(answers == 2)


@pytest.mark.parametrize(
    "dataset",
    [
        tf.data.Dataset.from_tensor_slices(["a"]),
        tf.data.Dataset.from_tensor_slices((["a"], [1])),
        tf.data.Dataset.from_tensor_slices((["a"], ["b"])).batch(1),
        ["a", "b"],
    ],
)
def test_what_is_no_pair(dataset):
    with pytest.raises(ValueError, match=r"\(text, translation\), two scalar strings"):
        check_pairs(dataset)
