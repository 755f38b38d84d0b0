"""Padded batches of a few shapes from examples of many lengths."""

import math
import re
from collections.abc import Callable, Sequence

import tensorflow as tf

from rnnzoo.checks import check_positive

POOL = 50  # Batches sorted together: enough for little padding and a good mix.
_ENCODED_TOGETHER = 1024  # Examples.


def bucket_lengths(
    max_length: int, shortest: int = 16, growth: float = 1.25, multiple: int = 8
) -> list[int]:
    """Returns the lengths that sequences are padded to.

    Few lengths mean few steps for XLA to compile; many lengths mean little padding.

    Args:
        max_length: Last length.
        shortest: First length.
        growth: Factor between neighbouring lengths.
        multiple: Lengths other than the first and the last are multiples of this.

    Raises:
        ValueError: If a length or `multiple` is not positive, or `growth` not above 1.

    >>> bucket_lengths(100)
    [16, 24, 32, 40, 56, 72, 100]
    """
    check_positive(max_length=max_length, shortest=shortest, multiple=multiple)
    if growth <= 1:
        raise ValueError(f"`growth` must be above 1, got {growth!r}.")
    lengths, length = [], shortest
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
    by_length: bool = True,
) -> tf.data.Dataset:
    """Returns padded batches of encoded examples.

    The examples are encoded once and kept in memory. With `by_length`, those of `POOL`
    batches are sorted by the length of their longest column and cut into batches;
    otherwise the batches hold the examples in their order. Each batch is padded to one
    of the `lengths`. With `shuffle`, copies of its first row with weight 0 fill a short
    last batch, so that all batches have the same number of rows.

    Args:
        examples: Data set of tuples of tensors; the last is the example's weight, see
            `rnnzoo.data.examples.with_weights`.
        encode: Function from the other columns of many examples, vectors as ragged
            tensors, to columns; the first and all others over time are ragged.
        batch_size: Number of rows of a batch.
        lengths: Rising lengths that sequences are padded to (see `bucket_lengths`). No
            sequence may be longer than the last.
        shuffle: Whether to shuffle the examples, differently in every epoch.
        by_length: Whether a batch holds examples of similar length.

    Returns:
        Data set of the columns, ragged ones padded with 0 on the right, and weights,
        float32 `(batch,)`.

    Raises:
        ValueError: If there is no example, a sequence is too long, or `encode` fails.
    """
    check_positive(batch_size=batch_size)
    columns = _encoded(examples, encode)
    _check_lengths(columns, lengths[-1])
    lengths = tf.constant(lengths)
    count = int(columns[0].shape[0])

    def pool(numbers):
        rows = [tf.gather(column, numbers) for column in columns]
        return _sorted_by_length(*rows) if by_length else tuple(rows)

    def cut(*columns):
        starts = tf.data.Dataset.range(0, columns[0].nrows(), batch_size)
        return starts.map(lambda i: tuple(c[i : i + batch_size] for c in columns))

    parallel = {"num_parallel_calls": tf.data.AUTOTUNE}
    numbers = tf.data.Dataset.range(count)
    if shuffle:
        numbers = numbers.shuffle(count)
    pools = numbers.batch(POOL * batch_size).map(pool, **parallel)
    batches = pools.flat_map(cut).map(
        lambda *columns: _padded(columns, lengths, batch_size, fill=shuffle),
        **parallel,
    )
    if shuffle:
        batches = batches.shuffle(POOL)
    batches = batches.apply(
        tf.data.experimental.assert_cardinality(-(-count // batch_size))
    )
    return batches.prefetch(tf.data.AUTOTUNE)


def _encoded(examples, encode) -> list[tf.Tensor | tf.RaggedTensor]:
    def encoded(*columns):
        return *encode(*map(as_ragged, columns[:-1])), columns[-1]

    parts = examples.ragged_batch(_ENCODED_TOGETHER).map(encoded)
    try:
        parts = list(parts)
    except tf.errors.InvalidArgumentError as error:
        stated = re.search(r"assertion failed: \[(.*?)\](?= \[|\s|$)", error.message)
        message = stated[1] if stated else error.message
        raise ValueError(message.replace("\\'", "'")) from None
    if not parts:
        raise ValueError("Expected at least one example, got none.")
    return [tf.concat(column, axis=0) for column in zip(*parts, strict=True)]


def _check_lengths(columns, longest):
    over_time = [column for column in columns if _is_ragged(column)]
    steps = max(int(column.bounding_shape(1)) for column in over_time)
    if steps > longest:
        raise ValueError(f"Expected at most {longest} steps, got {steps}.")


def as_ragged(column: tf.Tensor | tf.RaggedTensor) -> tf.Tensor | tf.RaggedTensor:
    """Returns sequences as a ragged tensor, even if they are equally long."""
    if _is_ragged(column) or column.shape.rank < 2:
        return column
    # Dynamic lengths, since batches with a static length would become dense again.
    shape = tf.shape(column)
    lengths = tf.cast(tf.fill(shape[:1], shape[1]), tf.int64)
    values = tf.reshape(column, tf.concat([[-1], shape[2:]], axis=0))
    return tf.RaggedTensor.from_row_lengths(values, lengths)


def _sorted_by_length(*columns):
    over_time = [c.row_lengths() for c in columns if _is_ragged(c)]
    order = tf.argsort(tf.reduce_max(over_time, axis=0), stable=True)
    return tuple(tf.gather(column, order) for column in columns)


def _padded(columns, lengths, batch_size, fill):
    """Pads a batch to one of the lengths and, to `fill` it, to `batch_size` rows."""
    rows = columns[0].nrows(out_type=tf.int32)
    numbers = tf.range(batch_size)
    is_row = numbers < rows
    numbers = tf.where(is_row, numbers, 0)
    times = [c.bounding_shape(1, out_type=tf.int32) for c in columns if _is_ragged(c)]
    longest = tf.reduce_max(times, keepdims=True)
    length = lengths[tf.searchsorted(lengths, longest)[0]]

    def pad(column):
        if _is_ragged(column):
            column = column.to_tensor()
            ends = [[0, 0], [0, length - tf.shape(column)[1]]]
            ends += [[0, 0]] * (column.shape.rank - 2)
            column = tf.pad(column, ends)
        if not fill:
            return column
        column = tf.gather(column, numbers)
        return tf.ensure_shape(column, [batch_size, *column.shape[1:]])

    *padded, weights = map(pad, columns)
    return *padded, tf.where(is_row, weights, 0.0) if fill else weights


def _is_ragged(column):
    return isinstance(column, tf.RaggedTensor)
