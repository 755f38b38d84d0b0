"""`Signature`: a function of an exported model, with example requests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

Row = Mapping[str, object]
Request = dict[str, np.ndarray]


@dataclass(frozen=True)
class Signature:
    """Function of an exported model, with example requests.

    Args:
        function: Function from tensors to a dictionary of tensors, the batch first.
        inputs: A named `tf.TensorSpec` for each argument of `function`, batch included.
        rows: Two or more example rows, values by input. An export runs them one by one
            and in one padded batch, and stores them as warm-up requests.
        per_token: Names of the outputs with a value for each token, the tokens first,
            where "" is padding. Clients cut these outputs where the tokens end.

    Raises:
        ValueError: If a spec has no name, a row has other inputs, or rows are missing.

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
                "`rows` must have at least two examples, preferably of unequal length, "
                f"got {len(self.rows)}: {self.rows}."
            )
        for row in self.rows:
            if row.keys() != set(names):
                raise ValueError(
                    f"Each of `rows` must have the inputs {names}, got {dict(row)}."
                )

    def alone(self) -> list[Request]:
        """Returns a request for each row: a batch of one, without padding."""
        return [
            {spec.name: self._array(spec, row)[None] for spec in self.inputs}
            for row in self.rows
        ]

    def batch(self) -> Request:
        """Returns a request with all rows, padded as TensorFlow Serving does.

        When it merges requests, it pads each with its own first element
        (`pad_variable_length_inputs`). Since that may be a valid value, models need
        another input, such as lengths, to mask the padding.
        """
        columns = {}
        for spec in self.inputs:
            arrays = [self._array(spec, row) for row in self.rows]
            longest = np.max([array.shape for array in arrays], axis=0, initial=0)
            columns[spec.name] = np.stack([_padded(a, longest) for a in arrays])
        return columns

    @staticmethod
    def _array(spec, row):
        # TensorFlow converts texts to bytes.
        value = tf.constant(row[spec.name], spec.dtype).numpy()
        return np.array(value, spec.dtype.as_numpy_dtype)


def _padded(array, shape):
    widths = [(0, int(n - m)) for n, m in zip(shape, array.shape, strict=True)]
    empty = b"" if array.dtype == object else array.dtype.type()
    filler = array.flat[0] if array.size else empty
    return np.pad(array, widths, constant_values=filler) if widths else array
