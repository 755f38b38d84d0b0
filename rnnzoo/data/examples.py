"""Raw examples: lists, arrays, pandas columns or data sets."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

_TEXT = (tf.string,)
_INTEGERS = (tf.int64, tf.int32, tf.int16, tf.int8, tf.uint8, tf.uint16, tf.uint32)
_DTYPES = {
    "text": _TEXT,
    "integer": _INTEGERS,
    "number": (tf.float32, tf.float64, tf.float16, *_INTEGERS),
    "label": _TEXT + _INTEGERS,
}


@dataclass(frozen=True)
class Column:
    """Column of examples.

    Args:
        name: Name of the column, for errors.
        kind: "text", "integer", "number", or "label": a text or an integer.
        rank: Number of dimensions: 0 for a scalar, 1 for a sequence of scalars.
    """

    name: str
    kind: str = "text"
    rank: int = 0

    def holds(self, spec: Any) -> bool:
        """Returns whether a `tf.TypeSpec` fits this column."""
        dtype, shape = getattr(spec, "dtype", None), getattr(spec, "shape", None)
        return dtype in _DTYPES[self.kind] and shape.rank == self.rank

    def holds_all(self, array: Any) -> bool:
        """Returns whether an array holds values of this column for many examples."""
        if not hasattr(array, "dtype") or not hasattr(array, "shape"):
            return False
        try:
            dtype = tf.as_dtype(array.dtype)
        except TypeError:
            return False
        return self.holds(tf.TensorSpec(array.shape[1:], dtype))

    def tensor(self, values: Iterable) -> tf.Tensor | tf.RaggedTensor:
        """Returns the values of many examples as one tensor.

        Raises:
            ValueError: If a value has another kind or rank.
        """
        values = _plain(values)
        if not len(values):
            return tf.zeros([0] * (1 + self.rank), _DTYPES[self.kind][0])
        try:
            if self.rank and self.kind == "text":
                return tf.ragged.constant(values, tf.string, ragged_rank=1)
            if self.rank:
                arrays = [self._array(value) for value in values]
                if len({array.shape for array in arrays}) > 1:
                    return tf.ragged.stack(arrays)
                return tf.constant(np.stack(arrays))
            if self.kind == "text":
                return tf.constant(values, tf.string)
            return tf.constant(self._array(values))
        except (TypeError, ValueError) as error:
            raise ValueError(f"Expected {self} for each example: {error}") from None

    def _array(self, values):
        # Floats of Python and NumPy have double precision by default.
        return np.asarray(values, "float32" if self.kind == "number" else None)

    def __str__(self) -> str:
        article = "an" if self.kind == "integer" else "a"
        kind = "text or an integer" if self.kind == "label" else self.kind
        if self.rank:
            return f"`{self.name}` (a {kind} array of rank {self.rank})"
        return f"`{self.name}` ({article} {kind})"


def as_examples(
    x: Any, y: Any = None, sample_weight: Any = None, *, columns: Sequence[Column]
) -> tf.data.Dataset:
    """Returns raw examples as a data set of tuples.

    Args:
        x: First column as a list, an array or a pandas column; or a `tf.data.Dataset`
            of all columns, which is returned unchanged.
        y: Second column, or a tuple of the other columns.
        sample_weight: Weight of each example in the loss, floats.
        columns: Columns of an example.

    Returns:
        Data set of tuples: a tensor for each column and, if given, the float32 weight.

    Raises:
        ValueError: If the examples have other columns, the columns differ in length, or
            there is no example.

    >>> columns = Column("text"), Column("label", "integer")
    >>> as_examples(["a film"], [1], columns=columns).element_spec[1].dtype
    tf.int64
    """
    if isinstance(x, tf.data.Dataset):
        if y is not None or sample_weight is not None:
            raise ValueError(
                "A tf.data.Dataset holds labels and weights itself: leave out `y` and "
                "`sample_weight`, and give elements of "
                f"({', '.join(c.name for c in columns)}, weight)."
            )
        check_examples(x, columns)
        _check_not_empty(int(x.cardinality()))
        if x.cardinality() == tf.data.INFINITE_CARDINALITY:
            raise ValueError(
                "Expected a data set that ends, got an endless one: leave out "
                "`repeat()`, or give batches from `pipeline` and `steps_per_epoch`."
            )
        return x
    if isinstance(x, (Iterator, keras.utils.PyDataset)):
        raise ValueError(
            "Expected lists, arrays or a tf.data.Dataset, got a generator or a "
            "PyDataset. Make it a data set by `tf.data.Dataset.from_generator`."
        )
    # Iterating over a pandas table would yield the names of its columns.
    is_table = isinstance(x, (str, bytes, dict)) or hasattr(x, "columns")
    if is_table or not isinstance(x, Iterable):
        raise ValueError(_expected(columns, repr(x)[:200]))
    rest = y if isinstance(y, tuple) and len(columns) > 2 else (y,)
    parts = [x] if len(columns) == 1 else [x, *rest]
    if any(values is None for values in parts) or len(parts) != len(columns):
        got = "`x` alone" if y is None else "other parts"
        raise ValueError(_expected(columns, got))
    tensors = [c.tensor(v) for c, v in zip(columns, parts, strict=True)]
    if sample_weight is not None:
        tensors.append(tf.constant(_plain(sample_weight), tf.float32))
    counts = [int(tensor.shape[0]) for tensor in tensors]
    _check_not_empty(counts[0])
    if len(set(counts)) > 1:
        names = [*(c.name for c in columns), "sample_weight"]
        lengths = [f"{n} of `{name}`" for name, n in zip(names, counts, strict=False)]
        raise ValueError(f"Expected columns of equal length, got {', '.join(lengths)}.")
    dataset = tf.data.Dataset.from_tensor_slices(tuple(tensors)).map(_to_dense)
    check_examples(dataset, columns)
    return dataset


def _check_not_empty(count):
    if count == 0:
        raise ValueError("Expected at least one example, got none.")


def check_examples(dataset: tf.data.Dataset, columns: Sequence[Column]) -> None:
    """Raises a ValueError unless a data set has these columns, optionally weights."""
    spec = getattr(dataset, "element_spec", None)
    specs = spec if isinstance(spec, tuple) else (spec,)
    if len(specs) == len(columns) + 1:
        specs = specs[:-1] if Column("weight", "number").holds(specs[-1]) else ()
    if len(specs) != len(columns) or not all(
        column.holds(part) for column, part in zip(columns, specs, strict=True)
    ):
        got = type(dataset).__name__ if spec is None else spec
        raise ValueError(_expected(columns, f"elements of {got}"))


def with_weights(dataset: tf.data.Dataset, columns: int) -> tf.data.Dataset:
    """Returns examples with a weight as the last part, 1 by default.

    Args:
        dataset: Raw examples.
        columns: Number of columns without the weight.
    """

    def weighted(*parts):
        weight = parts[columns] if len(parts) > columns else 1.0
        return *parts[:columns], tf.cast(weight, tf.float32)

    return dataset.map(weighted)


def count_examples(dataset: tf.data.Dataset) -> int:
    """Returns the number of elements, by iteration if it is unknown."""
    count = int(dataset.cardinality())
    if count == tf.data.UNKNOWN_CARDINALITY:
        count = int(dataset.reduce(np.int64(0), lambda total, *_: total + 1))
    return count


def _expected(columns, got):
    names = ", ".join(column.name for column in columns)
    parts = ", ".join(map(str, columns))
    return (
        f"Expected examples of ({names}): {parts}; as lists or arrays, or as a "
        "tf.data.Dataset that is not batched (call `dataset.unbatch()` first if it "
        f"is); got {got}."
    )


def _plain(values):
    """Returns a list, NumPy array or pandas column as a list, with texts as bytes."""
    if isinstance(values, (tf.Tensor, tf.RaggedTensor)):
        return values
    values = values.tolist() if hasattr(values, "tolist") else list(values)
    return [_encoded(value) for value in values]


def _encoded(value):
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    if isinstance(value, (list, tuple)):
        return [_encoded(item) for item in value]
    return value


def _to_dense(*parts):
    return tuple(p.to_tensor() if isinstance(p, tf.RaggedTensor) else p for p in parts)
