"""Names and numbers of labels."""

import pytest
import tensorflow as tf

from rnnzoo.tasks.classification.labels import learn_class_names, numbered_labels


def learn(labels, names=None):
    return learn_class_names(tf.data.Dataset.from_tensor_slices(labels), names)


def test_text_labels_name_themselves_in_alphabetical_order():
    assert learn(["spam", "ham", "spam"]) == ["ham", "spam"]


def test_text_labels_with_names_keep_the_order_of_the_names():
    assert learn(["spam", "ham"], ("spam", "ham", "other")) == ["spam", "ham", "other"]


def test_integer_labels_without_names_are_negative_and_positive():
    assert learn([1, 0, 0]) == ["negative", "positive"]


def test_integer_labels_with_names_have_these():
    assert learn([2, 0], ("a", "b", "c")) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("labels", "names", "message"),
    [
        ([0, 5], None, r"label 5.*\['negative', 'positive'\].*class_names"),
        ([0, -1], None, "label -1"),
        ([0, 2], ("a", "b"), r"label 2.*\['a', 'b'\]"),
        (["a", "c"], ("a", "b"), r"label 'c'.*\['a', 'b'\]"),
    ],
)
def test_a_label_without_a_name_raises(labels, names, message):
    with pytest.raises(ValueError, match=message):
        learn(labels, names)


@pytest.mark.parametrize("label", [1, "spam"])
def test_labels_that_are_all_the_same_raise(label):
    with pytest.raises(ValueError, match=rf"labels.*{label!r}\.$"):
        learn([label] * 3)


def test_an_empty_label_raises():
    with pytest.raises(ValueError, match=r'label.*""'):
        learn(["spam", ""])


def test_an_invalid_utf8_label_is_named_with_a_replacement_character():
    assert learn([b"a\xff", b"b"]) == ["a\ufffd", "b"]


def test_numbers_of_text_labels_are_those_of_the_names():
    numbers = numbered_labels(tf.constant(["b", "a", "?", "b"]), ["a", "b"])
    assert (numbers.dtype, numbers.numpy().tolist()) == (tf.int32, [1, 0, -1, 1])


def test_numbers_of_integer_labels_are_the_labels():
    numbers = numbered_labels(tf.constant([1, 0], tf.int64), ["a", "b"])
    assert (numbers.dtype, numbers.numpy().tolist()) == (tf.int32, [1, 0])
