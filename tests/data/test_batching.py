"""Batches of examples of like length."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnzoo.data.batching import (
    bucket_lengths,
    check_labels,
    like_lengths,
    padded_batches,
    text_examples,
)

LENGTHS = bucket_lengths(40)
given_any_examples = given(
    lengths=st.lists(st.integers(0, 40), min_size=1, max_size=50),
    batch_size=st.integers(1, 7),
    shuffle=st.booleans(),
)


def numbers(texts):
    """Ids for texts of numbers: "3 7" becomes [3, 7]."""
    words = tf.strings.split(texts)
    return words.with_values(tf.strings.to_number(words.values, tf.int32))


def examples(lengths):
    """One example for each length: its number as id, as often as it is long."""
    texts = [" ".join([str(i + 1)] * n) for i, n in enumerate(lengths)]
    return tf.data.Dataset.from_tensor_slices((texts, list(range(len(lengths)))))


@settings(max_examples=10)
@given_any_examples
def test_no_example_is_lost_and_none_is_made_up(lengths, batch_size, shuffle):
    batches = padded_batches(examples(lengths), numbers, batch_size, LENGTHS, shuffle)
    assert len(batches) == -(-len(lengths) // batch_size)
    seen = []
    for ids, labels, weights in batches.as_numpy_iterator():
        assert ids.shape[0] == len(labels) == len(weights) == batch_size
        assert ids.shape[1] in LENGTHS
        for row, label, weight in zip(ids, labels, weights, strict=True):
            wanted = lengths[label] if weight else 0
            assert row[:wanted].tolist() == [label + 1] * wanted
            assert not row[wanted:].any()
            if weight:
                seen.append(int(label))
    assert sorted(seen) == list(range(len(lengths)))


@settings(max_examples=6)
@given_any_examples
def test_columns_stay_side_by_side(lengths, batch_size, shuffle):
    """Texts and numbers over time, and one number for each example."""

    def example(number, length):
        place = tf.range(length)
        return tf.as_string(place + number), 2 * (place + number), number

    data = tf.data.Dataset.from_tensor_slices((list(range(len(lengths))), lengths))
    batches = like_lengths(
        data.map(example), lambda *columns: columns, batch_size, LENGTHS, shuffle
    )
    seen = []
    for texts, doubled, count, weights in batches.as_numpy_iterator():
        assert texts.shape == doubled.shape == (batch_size, doubled.shape[1])
        for row in range(batch_size):
            wanted = list(range(count[row], count[row] + lengths[count[row]]))
            wanted = wanted if weights[row] else []
            padding = [0] * (doubled.shape[1] - len(wanted))
            assert doubled[row].tolist() == [2 * n for n in wanted] + padding
            assert [int(text or 0) for text in texts[row]] == wanted + padding
        seen += count[weights > 0].tolist()
    assert sorted(seen) == list(range(len(lengths)))


def test_padding_is_little():
    lengths = np.random.default_rng(0).integers(1, 400, size=2000)
    batches = padded_batches(examples(lengths), numbers, 20, bucket_lengths(400))
    steps = sum(ids.size for ids, _, _ in batches.as_numpy_iterator())
    assert steps < 1.2 * lengths.sum()


def test_shuffled_anew_for_every_epoch():
    batches = padded_batches(examples([3] * 50), numbers, 5, [40], shuffle=True)
    first, second = (
        [label for _, labels, _ in batches.as_numpy_iterator() for label in labels]
        for _ in range(2)
    )
    assert first != second
    assert sorted(first) == sorted(second)


@pytest.mark.parametrize("longest", [1, 15, 16, 17, 400])
def test_bucket_lengths_end_at_the_longest(longest):
    lengths = bucket_lengths(longest)
    assert lengths[-1] == longest
    assert lengths == sorted(set(lengths))
    assert len(lengths) < 16


def test_bucket_lengths_grow_as_told():
    by_eighths = bucket_lengths(20, shortest=8, growth=1.125, multiple=2)
    assert by_eighths == [8, 10, 12, 14, 16, 20]
    by_ones = bucket_lengths(9, shortest=3, growth=1.1, multiple=1)
    assert by_ones == [3, 4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"shortest": 0}, "`shortest` must be a positive integer, got 0"),
        ({"multiple": 0}, "`multiple` must be a positive integer, got 0"),
        ({"growth": 1}, "`growth` must be above 1, got 1"),
    ],
)
def test_lengths_that_do_not_grow(settings, message):
    with pytest.raises(ValueError, match=message):
        bucket_lengths(100, **settings)


@pytest.mark.parametrize(
    ("elements", "found"),
    [
        (["a"], "its elements are TensorSpec"),
        ((["a"], [0.5]), "its elements are"),
        (([1], [1]), "its elements are"),
        (([["a", "b"]], [1]), "its elements are"),
        ({"text": ["a"], "label": [1]}, "its elements are {'"),
    ],
)
def test_a_data_set_of_anything_else_is_refused(elements, found):
    dataset = tf.data.Dataset.from_tensor_slices(elements)
    with pytest.raises(TypeError, match=r"\(text, label\).*" + found):
        text_examples(dataset)


def test_no_data_set_at_all_is_refused():
    with pytest.raises(TypeError, match=r"a tf.data.Dataset of .*; got list"):
        text_examples(["a", "b"])


def test_every_label_has_a_name():
    labels = tf.data.Dataset.from_tensor_slices(tf.constant([0, 2, 1], tf.int64))
    check_labels(labels, ["a", "b", "c"])
    with pytest.raises(ValueError, match=r"has label 2, .* 0 to 1: \['a', 'b'\]"):
        check_labels(labels, ["a", "b"])
