"""Examples of many lengths to a few shapes of padded batches."""

import math
from collections.abc import Callable, Sequence

import tensorflow as tf

from rnnzoo.checks import check_positive

POOL = 50  # Batches that are sorted together: little padding, and still well mixed.
SHUFFLE_BUFFER = 50_000


def bucket_lengths(
    max_length: int, shortest: int = 16, growth: float = 1.25, multiple: int = 8
) -> list[int]:
    """The lengths that sequences are padded to.

    XLA compiles a step once a shape, so there should be a handful of them; the
    finer they are, the less is padding.

    Args:
        max_length: the last of them.
        shortest: the first.
        growth: how many times the last one each is, rounded up.
        multiple: what each but the first and the last is a multiple of.

    Raises:
        ValueError: if a length or `multiple` is not positive, or `growth` not above 1.

    >>> bucket_lengths(100)
    [16, 24, 32, 40, 56, 72, 100]
    """
    check_positive(max_length=max_length, shortest=shortest, multiple=multiple)
    if growth <= 1:
        raise ValueError(f"`growth` must be above 1, got {growth!r}.")
    lengths = []
    length = shortest
    while length < 0.9 * max_length:
        lengths.append(length)
        length = math.ceil(length * growth / multiple) * multiple
    return [*lengths, max_length]


def padded_batches(
    examples: tf.data.Dataset,
    vectorize: Callable[[tf.Tensor], tf.RaggedTensor],
    batch_size: int,
    lengths: Sequence[int],
    shuffle: bool = False,
) -> tf.data.Dataset:
    """Turns texts into ids, and puts texts of like length into one batch.

    Args:
        examples: data set of `(text, label)`: scalar string and integer.
        vectorize: strings `(n,)` to int32 ids `(n, None)`, none longer than the last
            of `lengths`.
        batch_size: number of rows of every batch.
        lengths: what sequences are padded to, rising (see `bucket_lengths`).
        shuffle: whether the examples are shuffled, anew for every epoch.

    Returns:
        Data set of `(ids, labels, weights)`: int32 `(batch_size, time)`, padded
        with 0 on the right; int32 `(batch_size,)`; float32 `(batch_size,)`.
    """

    def to_ids(texts, labels):
        return vectorize(texts), tf.cast(labels, tf.int32)

    return like_lengths(examples, to_ids, batch_size, lengths, shuffle)


def like_lengths(
    examples: tf.data.Dataset,
    to_ids: Callable[..., tuple],
    batch_size: int,
    lengths: Sequence[int],
    shuffle: bool = False,
) -> tf.data.Dataset:
    """Puts examples of like length into one batch.

    The examples of `POOL` batches are sorted by length, that of their longest column,
    and then cut into batches, each padded to one of the `lengths`. Only the very last
    batch can be short: rows of padding with weight 0 fill it, so that all batches have
    the same number of rows and no example is lost.

    Args:
        examples: data set of tuples of tensors, of vectors too (such as tokens).
        to_ids: takes these tuples' columns, of many examples, vectors as ragged ones,
            and returns columns; the first is ragged, and so are others over time.
        batch_size: number of rows of every batch.
        lengths: what sequences are padded to, rising (see `bucket_lengths`); none
            may be longer than the last.
        shuffle: whether the examples are shuffled, anew for every epoch.

    Returns:
        Data set of the columns, ragged ones padded with 0 on the right, and weights,
        float32 `(batch_size,)`.
    """
    lengths = tf.constant(lengths)

    def sorted_by_length(*pool):
        columns = to_ids(*pool)
        over_time = [c.row_lengths() for c in columns if _is_ragged(c)]
        order = tf.argsort(tf.reduce_max(over_time, axis=0), stable=True)
        return tuple(tf.gather(column, order) for column in columns)

    def cut(*columns):
        starts = tf.data.Dataset.range(0, columns[0].nrows(), batch_size)
        return starts.map(lambda i: tuple(c[i : i + batch_size] for c in columns))

    def padded(*columns):
        rows = columns[0].nrows(out_type=tf.int32)
        times = [
            c.bounding_shape(1, out_type=tf.int32) for c in columns if _is_ragged(c)
        ]
        longest = tf.reduce_max(times, keepdims=True)
        length = lengths[tf.searchsorted(lengths, longest)[0]]

        def pad(column):
            ends = [batch_size - rows]
            if _is_ragged(column):
                column = column.to_tensor()
                ends.append(length - tf.shape(column)[1])
            ends += [0] * (column.shape.rank - len(ends))
            column = tf.pad(column, [[0, end] for end in ends])
            return tf.ensure_shape(column, [batch_size, *column.shape[1:]])

        weights = tf.sequence_mask(rows, batch_size, tf.float32)
        return *map(pad, columns), tf.ensure_shape(weights, [batch_size])

    count = examples.cardinality()
    if shuffle:
        examples = examples.shuffle(SHUFFLE_BUFFER)
    parallel = {"num_parallel_calls": tf.data.AUTOTUNE}
    pools = examples.ragged_batch(POOL * batch_size).map(sorted_by_length, **parallel)
    batches = pools.flat_map(cut).map(padded, **parallel)
    if shuffle:
        batches = batches.shuffle(POOL)
    if count >= 0:
        batches = batches.apply(
            tf.data.experimental.assert_cardinality(-(-count // batch_size))
        )
    return batches.prefetch(tf.data.AUTOTUNE)


def text_examples(
    dataset: tf.data.Dataset,
) -> tuple[tf.data.Dataset, tf.data.Dataset]:
    """Checks that a data set holds `(text, label)` and returns its two halves.

    Args:
        dataset: data set of pairs of a scalar string and an integer scalar, not
            batched; as `tfds.load(name, as_supervised=True)` gives it.

    Returns:
        The data set of texts, and that of labels as int64.

    Raises:
        TypeError: if it is anything else.
    """
    wanted = (
        "a tf.data.Dataset of (text, label), a scalar string and an integer, not "
        "batched (`dataset.unbatch()`)"
    )
    if not isinstance(dataset, tf.data.Dataset):
        raise TypeError(f"`dataset` must be {wanted}; got {type(dataset).__name__}.")
    spec = dataset.element_spec
    text, label = spec if isinstance(spec, tuple) and len(spec) == 2 else (None, None)
    if not (_is_scalar(text) and text.dtype == tf.string):
        raise TypeError(f"`dataset` must be {wanted}; its elements are {spec}.")
    if not (_is_scalar(label) and label.dtype.is_integer):
        raise TypeError(f"`dataset` must be {wanted}; its elements are {spec}.")
    labels = dataset.map(lambda text, label: tf.cast(label, tf.int64))
    return dataset.map(lambda text, label: text), labels


def check_labels(labels: tf.data.Dataset, class_names: Sequence[str]) -> None:
    """Checks that every label has a name.

    Args:
        labels: data set of int64 scalars.
        class_names: the name of each label.

    Raises:
        ValueError: if there is a label without one.
    """
    zero = tf.constant(0, tf.int64)
    extremes = labels.reduce(
        (zero, zero),
        lambda found, label: (tf.minimum(found[0], label), tf.maximum(found[1], label)),
    )
    for label in extremes:
        if not 0 <= label < len(class_names):
            raise ValueError(
                f"The data set has label {label}, but `class_names` names the labels "
                f"0 to {len(class_names) - 1}: {list(class_names)}. Give a name for "
                "each label, and leave out examples whose label is not known."
            )


def _is_ragged(column):
    return isinstance(column, tf.RaggedTensor)


def _is_scalar(spec):
    return isinstance(spec, tf.TensorSpec) and spec.shape.rank == 0
