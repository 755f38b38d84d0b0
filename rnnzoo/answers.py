"""Conversion of raw rows to batches of arrays, and of arrays to Python values."""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]
# File in a SavedModel's folder with the per-token outputs of each signature.
PER_TOKEN_FILE = Path("assets.extra", "per_token_outputs.json")


def text_list(
    texts: str | bytes | Iterable[str | bytes], name: str = "texts"
) -> list[bytes]:
    """Returns texts as a list of UTF-8 bytes.

    Args:
        texts: `str` or `bytes`, or an iterable of them. A single one becomes a list.
        name: Name of the argument, for the error.

    Raises:
        TypeError: If an item is not a text.

    >>> text_list("Bon !"), text_list(["a", b"b"])
    ([b'Bon !'], [b'a', b'b'])
    """
    if isinstance(texts, (str, bytes)):
        texts = [texts]
    if not isinstance(texts, Iterable):
        raise TypeError(f"`{name}` must be a list of texts, got {texts!r}.")
    return [_utf8(text, f"`{name}`, number {i}") for i, text in enumerate(texts)]


def answer_examples(
    ask: Callable[[Arrays], Mapping[str, Any]],
    inputs: Sequence[Any],
    rows: Any,
    batch_size: int,
    per_token: Sequence[str] = (),
) -> list[dict]:
    """Answers rows in batches of equal shapes, so that nothing is padded.

    Args:
        ask: Takes arrays by the inputs' names, the batch as their first dimension, and
            returns arrays by the outputs' names.
        inputs: A spec for each input, with `name`, `dtype` and `shape`, the batch as
            the first dimension, such as a `tf.TensorSpec`.
        rows: For one input its values, where a single text becomes a list. For several
            inputs, or to name the input, a dictionary for each row.
        batch_size: Largest number of rows in a batch, sorted by text length.
        per_token: Outputs with a value for each token, see `strip_padding`.

    Returns:
        A dictionary of outputs for each row, in the order of the rows.

    Raises:
        TypeError: If a value of a text input is not a text.
        ValueError: If a row has other inputs, or a value has another rank.

    >>> import tensorflow as tf
    >>> specs = [tf.TensorSpec([None, None], tf.int32, name="ids")]
    >>> def total(arrays):
    ...     return {"total": arrays["ids"].sum(axis=1)}
    >>> answer_examples(total, specs, [[1, 2, 3], [4], [5, 6, 7]], batch_size=2)
    [{'total': 6}, {'total': 4}, {'total': 18}]
    """
    columns = _columns(inputs, rows)
    count = len(next(iter(columns.values())))

    def shapes(number):
        return [column[number].shape for column in columns.values()]

    def text_length(number):
        arrays = (column[number] for column in columns.values())
        return sum(len(t) for a in arrays if a.dtype == object for t in a.flat)

    order = sorted(range(count), key=lambda n: (shapes(n), text_length(n)))
    answers = {}
    for _, group in itertools.groupby(order, key=shapes):
        while numbers := list(itertools.islice(group, batch_size)):
            batch = {k: np.stack([v[n] for n in numbers]) for k, v in columns.items()}
            answers.update(zip(numbers, answer_rows(ask(batch)), strict=True))
    return [strip_padding(answers[number], per_token) for number in range(count)]


def answer_rows(outputs: Mapping[str, Any]) -> list[dict]:
    """Returns a dictionary of outputs for each row of a batch.

    Args:
        outputs: Arrays by name, the batch as their first dimension.

    >>> answer_rows({"label": np.array([b"pos"]), "score": np.array([0.75])})
    [{'label': 'pos', 'score': 0.75}]
    """
    columns = [plain(np.asarray(value)) for value in outputs.values()]
    return [dict(zip(outputs, row, strict=True)) for row in zip(*columns, strict=True)]


def strip_padding(row: Mapping[str, Any], per_token: Sequence[str]) -> dict:
    """Removes the padding from the per-token outputs of a row.

    Args:
        row: Outputs by name.
        per_token: Names of the outputs with a value for each token, the tokens first,
            where "" is padding. If empty, nothing is removed.

    >>> row = {"tokens": ["Hi", ""], "tags": ["INTJ", ""], "ids": [7, 0]}
    >>> strip_padding(row, ["tokens", "tags"])
    {'tokens': ['Hi'], 'tags': ['INTJ'], 'ids': [7, 0]}
    """
    if not per_token:
        return dict(row)
    tokens = row[per_token[0]]
    count = max((place for place, token in enumerate(tokens, 1) if token), default=0)
    return {k: v[:count] if k in per_token else v for k, v in row.items()}


def plain(array: np.ndarray) -> list:
    """Returns an array as nested lists of Python values, with bytes as `str`.

    >>> plain(np.array([["café".encode()]], object)), plain(np.array([1, 2]))
    ([['café']], [1, 2])
    """
    if array.dtype == object or array.dtype.kind == "S":
        decode = np.vectorize(lambda b: b.decode("utf-8", "replace"), otypes=[object])
        array = decode(array)
    return array.tolist()


def _columns(inputs, rows) -> dict[str, list[np.ndarray]]:
    names = [spec.name for spec in inputs]
    if isinstance(rows, (Mapping, str, bytes)):
        rows = [rows]
    elif not isinstance(rows, Iterable):
        raise TypeError(f"`{names[0]}` must be a list of rows, got {rows!r}.")
    rows = list(rows)
    if len(names) == 1:
        rows = [row if isinstance(row, Mapping) else {names[0]: row} for row in rows]
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping) or row.keys() != set(names):
            got = sorted(row) if isinstance(row, Mapping) else type(row).__name__
            raise ValueError(
                f"Expected a dictionary of the inputs {names} for each row, got {got} "
                f"as row {number}."
            )
    return {
        spec.name: [_array(spec, row[spec.name], i) for i, row in enumerate(rows)]
        for spec in inputs
    }


def _array(spec, value, number) -> np.ndarray:
    where = f"`{spec.name}`, row {number}"
    if spec.dtype.name == "string":
        array = np.array(_encode_texts(value, where), object)
    else:
        array = _numbers(spec, value, where)
    rank = len(spec.shape) - 1
    if array.size == 0 and 0 < array.ndim < rank:
        array = array.reshape([0, *(size or 0 for size in spec.shape[2:])])
    if array.ndim != rank and not (rank and array.size == 0):
        raise ValueError(
            f"Expected an array of rank {rank} for {where}, got the shape "
            f"{array.shape}."
        )
    return array


def _numbers(spec, value, where):
    dtype = spec.dtype.as_numpy_dtype
    try:
        given = np.asarray(value)
        array = given.astype(dtype)
    except (TypeError, ValueError) as error:
        raise ValueError(f"Expected {spec.dtype.name} for {where}: {error}") from None
    if not np.issubdtype(dtype, np.floating) and not np.array_equal(array, given):
        raise ValueError(f"Expected {spec.dtype.name} for {where}, got {value!r}.")
    return array


def _encode_texts(value, where):
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_encode_texts(item, where) for item in value]
    return _utf8(value, where)


def _utf8(text, where):
    if isinstance(text, str):
        return text.encode("utf-8", "replace")
    if isinstance(text, bytes):
        return text
    raise TypeError(
        f"Expected `str` or `bytes` for {where}, got {text!r} ({type(text).__name__})."
    )
