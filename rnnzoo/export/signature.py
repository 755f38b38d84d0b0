"""`Signature`: what an exported model answers under one name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

Row = Mapping[str, object]
Request = dict[str, np.ndarray]


@dataclass(frozen=True)
class Signature:
    """What a model answers under one name, with requests to try it.

    Args:
        function: Takes tensors and returns a dictionary of tensors, the batch as the
            first dimension of each.
        inputs: a named `tf.TensorSpec` for each argument of `function`, the batch as
            the first dimension of each.
        rows: Example requests for one row of a batch, values by the inputs' names.
            An export asks them, alone and all at once, and stores them for the
            server to warm up with. Two or more, so that one is padded.
        per_token: Names of the outputs with a value for each token. The first of them
            holds the tokens, texts with "" for padding: clients cut these outputs
            where the tokens end.

    Raises:
        ValueError: If a spec has no name, a row has other inputs, or there are too few
            rows.

    >>> double = Signature(
    ...     lambda ids: {"doubled": 2 * ids},
    ...     [tf.TensorSpec([None, None], tf.int32, name="ids")],
    ...     rows=[{"ids": [7]}, {"ids": [4, 5]}],
    ... )
    >>> double.batch()["ids"].tolist()
    [[7, 7], [4, 5]]
    """

    function: Callable[..., Mapping[str, tf.Tensor]]
    inputs: Sequence[tf.TensorSpec]
    rows: Sequence[Row]
    per_token: Sequence[str] = ()

    def __post_init__(self):
        names = [spec.name for spec in self.inputs]
        if not names or None in names:
            raise ValueError(f"`inputs` must be specs with names, got {self.inputs}.")
        if len(self.rows) < 2:
            raise ValueError(
                "`rows` must be two example requests or more, best of unequal length, "
                f"got {len(self.rows)}: {self.rows}."
            )
        for row in self.rows:
            if row.keys() != set(names):
                raise ValueError(
                    f"Each of `rows` must have the inputs {names}, got {dict(row)}."
                )

    def alone(self) -> list[Request]:
        """A request for each row: a batch of one, without padding."""
        return [
            {spec.name: self._array(spec, row)[None] for spec in self.inputs}
            for row in self.rows
        ]

    def batch(self) -> Request:
        """All rows in one request, padded as TensorFlow Serving does.

        It merges requests and fills up the shorter ones with their own first element
        (`pad_variable_length_inputs`), which no model can tell from the rest: what
        is padding has to follow from another input.
        """
        columns = {}
        for spec in self.inputs:
            arrays = [self._array(spec, row) for row in self.rows]
            longest = np.max([array.shape for array in arrays], axis=0, initial=0)
            columns[spec.name] = np.stack([_padded(a, longest) for a in arrays])
        return columns

    @staticmethod
    def _array(spec, row):
        # By TensorFlow, which makes bytes of text.
        value = tf.constant(row[spec.name], spec.dtype).numpy()
        return np.array(value, spec.dtype.as_numpy_dtype)


def _padded(array, shape):
    widths = [(0, int(n - m)) for n, m in zip(shape, array.shape, strict=True)]
    empty = b"" if array.dtype == object else array.dtype.type()
    filler = array.flat[0] if array.size else empty
    return np.pad(array, widths, constant_values=filler) if widths else array
