"""Examples of many lengths to a few shapes of padded batches."""

import math
from collections.abc import Callable, Sequence

import tensorflow as tf

from rnnzoo.checks import check_positive
from rnnzoo.data.examples import count_examples

POOL = 50  # Batches that are sorted together: little padding, and still well mixed.
SHUFFLE_BUFFER = 50_000
_ENCODED_TOGETHER = 1024  # Examples.


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


def bucketed_batches(
    examples: tf.data.Dataset,
    encode: Callable[..., tuple],
    batch_size: int,
    lengths: Sequence[int],
    shuffle: bool = False,
) -> tf.data.Dataset:
    """Encodes examples once and puts examples of similar length into one batch.

    The encoded examples are kept in memory, so that an epoch after the first encodes
    nothing. The examples of `POOL` batches are sorted by the length of their longest
    column and cut into batches, each padded to one of the `lengths`. Only the very last
    batch can be short: rows of padding with weight 0 fill it, so that all batches have
    the same number of rows and no example is lost.

    Args:
        examples: Data set of tuples of tensors; the last is the example's weight, see
            `rnnzoo.data.examples.with_weights`.
        encode: Takes the other columns of many examples, vectors as ragged tensors, and
            returns columns; the first is ragged, and so are others over time.
        batch_size: Number of rows of every batch.
        lengths: Lengths that sequences are padded to, rising (see `bucket_lengths`); no
            sequence may be longer than the last.
        shuffle: Whether the examples are shuffled, differently in every epoch.

    Returns:
        Data set of the columns, ragged ones padded with 0 on the right, and weights,
        float32 `(batch_size,)`.
    """
    lengths = tf.constant(lengths)
    parallel = {"num_parallel_calls": tf.data.AUTOTUNE}
    count = count_examples(examples)

    def encoded(*columns):
        return *encode(*map(_ragged, columns[:-1])), columns[-1]

    def padded(*columns):
        return _padded(columns, lengths, batch_size)

    def cut(*columns):
        starts = tf.data.Dataset.range(0, columns[0].nrows(), batch_size)
        return starts.map(lambda i: tuple(c[i : i + batch_size] for c in columns))

    examples = examples.ragged_batch(_ENCODED_TOGETHER).map(encoded, **parallel)
    examples = examples.unbatch().cache()
    if shuffle:
        examples = examples.shuffle(SHUFFLE_BUFFER)
    pools = examples.ragged_batch(POOL * batch_size).map(_sorted_by_length, **parallel)
    batches = pools.flat_map(cut).map(padded, **parallel)
    if shuffle:
        batches = batches.shuffle(POOL)
    if count >= 0:
        batches = batches.apply(
            tf.data.experimental.assert_cardinality(-(-count // batch_size))
        )
    return batches.prefetch(tf.data.AUTOTUNE)


def _ragged(column):
    """Returns sequences as a ragged tensor; equally long ones come as a dense one."""
    if _is_ragged(column) or column.shape.rank < 2:
        return column
    # Without a static length, with which batches would become dense again.
    shape = tf.shape(column)
    lengths = tf.cast(tf.fill(shape[:1], shape[1]), tf.int64)
    values = tf.reshape(column, tf.concat([[-1], shape[2:]], axis=0))
    return tf.RaggedTensor.from_row_lengths(values, lengths)


def _sorted_by_length(*columns):
    over_time = [c.row_lengths() for c in columns if _is_ragged(c)]
    order = tf.argsort(tf.reduce_max(over_time, axis=0), stable=True)
    return tuple(tf.gather(column, order) for column in columns)


def _padded(columns, lengths, batch_size):
    """Pads the columns of a batch to one of the lengths, and to `batch_size` rows."""
    rows = columns[0].nrows(out_type=tf.int32)
    times = [c.bounding_shape(1, out_type=tf.int32) for c in columns if _is_ragged(c)]
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

    return tuple(map(pad, columns))


def _is_ragged(column):
    return isinstance(column, tf.RaggedTensor)
