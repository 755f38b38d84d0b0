"""Batches of examples of similar length."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnzoo.data.batching import bucket_lengths, bucketed_batches
from rnnzoo.data.examples import with_weights

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


def encode(texts, labels):
    return numbers(texts), labels


def batches_of(dataset, *args, **kwargs):
    return bucketed_batches(with_weights(dataset, 2), encode, *args, **kwargs)


def examples(lengths):
    """One example for each length: its number as id, as often as it is long."""
    texts = [" ".join([str(i + 1)] * n) for i, n in enumerate(lengths)]
    return tf.data.Dataset.from_tensor_slices((texts, list(range(len(lengths)))))


@settings(max_examples=10)
@given_any_examples
def test_no_example_is_lost_and_none_is_made_up(lengths, batch_size, shuffle):
    batches = batches_of(examples(lengths), batch_size, LENGTHS, shuffle)
    assert len(batches) == -(-len(lengths) // batch_size)
    seen = []
    for ids, labels, weights in batches.as_numpy_iterator():
        assert ids.shape[0] == len(labels) == len(weights)
        assert len(labels) == batch_size or not shuffle
        assert ids.shape[1] in LENGTHS
        for row, label, weight in zip(ids, labels, weights, strict=True):
            wanted = lengths[label]
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
    data = with_weights(data.map(example), 3)
    batches = bucketed_batches(
        data, lambda *columns: columns, batch_size, LENGTHS, shuffle
    )
    seen = []
    for texts, doubled, count, weights in batches.as_numpy_iterator():
        assert texts.shape == doubled.shape
        assert len(texts) == batch_size or not shuffle
        for row in range(len(texts)):
            wanted = list(range(count[row], count[row] + lengths[count[row]]))
            padding = [0] * (doubled.shape[1] - len(wanted))
            assert doubled[row].tolist() == [2 * n for n in wanted] + padding
            assert [int(text or 0) for text in texts[row]] == wanted + padding
        seen += count[weights > 0].tolist()
    assert sorted(seen) == list(range(len(lengths)))


@settings(max_examples=6)
@given(
    lengths=st.lists(st.integers(0, 40), min_size=1, max_size=50),
    batch_size=st.integers(1, 7),
)
def test_batches_in_order_hold_the_examples_and_nothing_else(lengths, batch_size):
    batches = batches_of(examples(lengths), batch_size, LENGTHS, by_length=False)
    rows = [len(labels) for _, labels, _ in batches.as_numpy_iterator()]
    assert rows[:-1] == [batch_size] * (len(rows) - 1)
    seen = [n for _, labels, _ in batches.as_numpy_iterator() for n in labels]
    assert seen == list(range(len(lengths)))
    assert all(ids.shape[1] in LENGTHS for ids, _, _ in batches.as_numpy_iterator())


@pytest.mark.parametrize("by_length", [True, False])
def test_a_sequence_that_is_too_long_is_refused(by_length):
    with pytest.raises(ValueError, match=r" 40 .* 41\."):
        batches_of(examples([3, 41]), 2, LENGTHS, by_length=by_length)


def test_padding_is_little():
    lengths = np.random.default_rng(0).integers(1, 400, size=2000)
    batches = batches_of(examples(lengths), 20, bucket_lengths(400))
    steps = sum(ids.size for ids, _, _ in batches.as_numpy_iterator())
    assert steps < 1.2 * lengths.sum()


def test_shuffled_anew_for_every_epoch():
    batches = batches_of(examples([3] * 50), 5, [40], shuffle=True)
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
        ({"shortest": 0}, "shortest.*0"),
        ({"multiple": 0}, "multiple.*0"),
        ({"growth": 1}, "growth.*1"),
    ],
)
def test_lengths_that_do_not_grow(settings, message):
    with pytest.raises(ValueError, match=message):
        bucket_lengths(100, **settings)


def test_examples_are_encoded_once_whatever_the_number_of_epochs():
    calls = []

    def counted(texts, labels):
        tf.py_function(lambda: calls.append(1), [], [])
        return numbers(texts), labels

    data = with_weights(examples([3] * 50), 2)
    batches = bucketed_batches(data, counted, 5, [40], shuffle=True)
    for _ in range(3):
        assert len(list(batches)) == 10
    assert len(calls) == 1


def test_weights_of_examples_are_those_of_their_rows():
    data = examples([3, 1, 2]).map(lambda text, label: (text, label, label * 2))
    batches = bucketed_batches(with_weights(data, 2), encode, 4, [40], shuffle=True)
    ((_, labels, weights),) = batches.as_numpy_iterator()
    assert sorted(zip(labels[:3], weights[:3], strict=True)) == [(0, 0), (1, 2), (2, 4)]
    assert weights[3] == 0


def test_batches_are_counted_where_nobody_knows_how_many_examples_there_are():
    data = examples([1] * 9).filter(lambda text, label: label < 5)
    assert int(batches_of(data, 2, [40]).cardinality()) == 3
