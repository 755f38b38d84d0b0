"""Labels of texts: names and numbers."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

DEFAULT_NAMES = ("negative", "positive")


def learn_class_names(
    labels: tf.data.Dataset, names: Sequence[str] | None
) -> list[str]:
    """Returns the name of each label, in the order of their numbers.

    Args:
        labels: Data set of scalars, all labels: texts or integers.
        names: The names, if they are known. Text labels name themselves otherwise, in
            alphabetical order, and 0 and 1 have the `DEFAULT_NAMES`.

    Raises:
        ValueError: If a label has no name or is empty, or all are the same.

    >>> labels = tf.data.Dataset.from_tensor_slices(["spam", "ham", "spam"])
    >>> learn_class_names(labels, None)
    ['ham', 'spam']
    """
    different = np.unique(np.concatenate([*labels.batch(4096).as_numpy_iterator()]))
    if different.dtype == object:
        different = [text.decode("utf-8", "replace") for text in different]
        if "" in different:
            raise ValueError('A label is empty (""). Give every example a label.')
        names = sorted(different) if names is None else list(names)
    else:
        different = different.tolist()
        names = list(DEFAULT_NAMES if names is None else names)
    check_labels(different, names)
    if len(different) < 2:
        raise ValueError(
            f"Expected examples of at least two labels, got only {different[0]!r}."
        )
    return names


def check_labels(labels: Sequence[str | int], names: Sequence[str]) -> None:
    """Raises a ValueError for a label, a text or a number, that has no name."""
    for label in labels:
        is_number = isinstance(label, int)
        if not (0 <= label < len(names) if is_number else label in names):
            raise ValueError(
                f"The data have the label {label!r}, but the labels known are "
                f"{list(names)} (by number: 0 to {len(names) - 1}). Name every label "
                "by `class_names`, and leave out examples whose label is not known."
            )


def numbered_labels(labels: tf.Tensor, names: Sequence[str]) -> tf.Tensor:
    """Returns labels, texts or integers, as int32 numbers; -1 for an unknown text."""
    if labels.dtype != tf.string:
        return tf.cast(labels, tf.int32)
    matches = labels[:, None] == tf.constant(list(names))
    numbers = tf.argmax(matches, axis=1, output_type=tf.int32)
    return tf.where(tf.reduce_any(matches, axis=1), numbers, -1)


def assert_known(
    labels: tf.Tensor, numbers: tf.Tensor, names: Sequence[str]
) -> tf.Operation:
    """Returns an operation that fails for a label without a name.

    Args:
        labels: Texts or integers `(batch,)`.
        numbers: Result of `numbered_labels`.
        names: Names of the labels.
    """
    known = (numbers >= 0) & (numbers < len(names))
    texts = labels if labels.dtype == tf.string else tf.strings.as_string(labels)
    unknown = tf.strings.reduce_join(tf.boolean_mask(texts, ~known)[:1])
    expected = f"Expected labels among {list(names)}, or their numbers, got "
    return tf.debugging.Assert(tf.reduce_all(known), [expected + unknown + "."])
