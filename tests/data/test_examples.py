"""Raw examples of every form."""

import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.data.examples import (
    Column,
    as_examples,
    check_examples,
    count_examples,
    with_weights,
)

LABELLED = Column("text"), Column("label", "label")
TAGGED = Column("tokens", rank=1), Column("tags", rank=1)
SERIES = Column("series", "number", rank=2), Column("target", "number")


def rows(dataset):
    return list(dataset.as_numpy_iterator())


def test_lists_of_texts_and_labels():
    for labels in ([1, 0], np.array([1, 0]), (1, 0)):
        found = rows(as_examples(["a", "b"], labels, columns=LABELLED))
        assert found == [(b"a", 1), (b"b", 0)]
    found = rows(as_examples(["a"], ["spam"], columns=LABELLED))
    assert found == [(b"a", b"spam")]


def test_lists_of_tokens_keep_their_lengths():
    given = [["a", "b"], []], [["X", "Y"], []]
    found = rows(as_examples(*given, columns=TAGGED))
    assert [len(tokens) for tokens, _ in found] == [2, 0]


def test_arrays_of_numbers_of_equal_and_of_unequal_length():
    equal = as_examples(np.zeros([4, 7, 2]), np.ones(4), columns=SERIES)
    assert equal.element_spec[0].shape == (7, 2)
    unequal = as_examples(
        [np.zeros([3, 2]), np.zeros([5, 2])], [1.0, 2.0], columns=SERIES
    )
    assert [len(series) for series, _ in rows(unequal)] == [3, 5]


def test_weights_are_a_further_column():
    weighted = as_examples(["a", "b"], [1, 0], [0.5, 2.0], columns=LABELLED)
    assert [row[-1] for row in rows(weighted)] == [0.5, 2.0]
    assert rows(with_weights(weighted, 2))[1][-1] == 2.0
    plain = as_examples(["a"], [1], columns=LABELLED)
    assert rows(with_weights(plain, 2))[0][-1] == 1.0


def test_a_data_set_is_returned_as_it_is():
    dataset = tf.data.Dataset.from_tensor_slices((["a"], [1]))
    assert as_examples(dataset, columns=LABELLED) is dataset
    with pytest.raises(ValueError, match="sample_weight"):
        as_examples(dataset, [1], columns=LABELLED)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("one text", [1]),
        (None, None),
        (["a"], None),
        ([["a"]], [1]),
        ([1.5], [1]),
        (["a"], [1.5]),
        (["a"], ([1], [2])),
        ({"text": "a"}, [1]),
    ],
)
def test_what_is_no_such_example_is_refused(x, y):
    with pytest.raises(ValueError, match="text"):
        as_examples(x, y, columns=LABELLED)


def test_columns_of_unequal_length_are_counted():
    with pytest.raises(ValueError, match=r"2.*`text`.*1.*`label`"):
        as_examples(["a", "b"], [1], columns=LABELLED)


@pytest.mark.parametrize(
    "change", [lambda d: d.batch(2), lambda d: d.map(lambda a, b: a)]
)
def test_other_data_sets_are_refused(change):
    dataset = tf.data.Dataset.from_tensor_slices((["a"], [1]))
    check_examples(dataset, LABELLED)
    with pytest.raises(ValueError, match=r"\(text, label\)"):
        check_examples(change(dataset), LABELLED)
    with pytest.raises(ValueError, match="list"):
        check_examples([("a", 1)], LABELLED)


def test_examples_are_counted_where_nobody_knows_how_many():
    dataset = tf.data.Dataset.range(7)
    assert count_examples(dataset) == 7
    assert count_examples(dataset.filter(lambda n: n < 3)) == 3
