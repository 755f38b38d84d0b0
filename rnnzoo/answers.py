"""Texts in, answers out, as plain Python values."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Sized

import numpy as np


def text_list(
    texts: str | bytes | Iterable[str | bytes], name: str = "texts"
) -> list[bytes]:
    """Returns texts as a list of UTF-8 bytes.

    Args:
        texts: `str` or `bytes`, or any number of them; one alone is a list of one.
        name: what they are called, for the error.

    Raises:
        TypeError: if something in it is no text.

    >>> text_list("Bon !"), text_list(["a", b"b"])
    ([b'Bon !'], [b'a', b'b'])
    """
    if isinstance(texts, (str, bytes)):
        texts = [texts]
    if not isinstance(texts, Iterable):
        raise TypeError(f"`{name}` must be a list of texts, got {texts!r}.")
    texts = list(texts)
    for i, text in enumerate(texts):
        if not isinstance(text, (str, bytes)):
            raise TypeError(
                f"`{name}` must hold `str` or `bytes`, but number {i} is {text!r} "
                f"({type(text).__name__})."
            )
    return [t.encode("utf-8", "replace") if isinstance(t, str) else t for t in texts]


def answer_in_batches(
    answer: Callable[[list[bytes]], Mapping[str, np.ndarray]],
    texts: str | bytes | Iterable[str | bytes],
    batch_size: int,
) -> list[dict]:
    """Answers texts, so many at a time, of like length together.

    Args:
        answer: takes a list of texts and returns arrays by name, see `answer_rows`.
        texts: see `text_list`.
        batch_size: how many texts `answer` gets at the most.

    Returns:
        One dictionary for each text, in the order of the texts.

    >>> def shout(batch):
    ...     return {"shouted": np.array([text.upper() for text in batch])}
    >>> answer_in_batches(shout, ["three", "a", "be"], batch_size=2)
    [{'shouted': 'THREE'}, {'shouted': 'A'}, {'shouted': 'BE'}]
    """
    return answer_by_length(answer, text_list(texts), batch_size)


def answer_by_length(
    answer: Callable[[list], Mapping[str, np.ndarray]],
    sequences: Sequence[Sized],
    batch_size: int,
) -> list[dict]:
    """Answers sequences, so many of like length at a time: there is little padding.

    Args:
        answer: takes a list of sequences and returns arrays by name, see `answer_rows`.
        sequences: texts, lists of words, or what else has a length.
        batch_size: how many of them `answer` gets at the most.

    Returns:
        One dictionary for each sequence, in their order.
    """
    order = sorted(range(len(sequences)), key=lambda number: len(sequences[number]))
    rows = {}
    for start in range(0, len(order), batch_size):
        numbers = order[start : start + batch_size]
        answers = answer_rows(answer([sequences[number] for number in numbers]))
        rows.update(zip(numbers, answers, strict=True))
    return [rows[number] for number in range(len(sequences))]


def answer_rows(outputs: Mapping[str, np.ndarray]) -> list[dict]:
    """Turns the outputs of a batch into one dictionary for each of its rows.

    Args:
        outputs: arrays by name, the batch as their first dimension.

    >>> answer_rows({"label": np.array([b"pos"]), "score": np.array([0.75])})
    [{'label': 'pos', 'score': 0.75}]
    """
    columns = {name: plain(np.asarray(value)) for name, value in outputs.items()}
    return [
        dict(zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    ]


def words_only(row: Mapping[str, object]) -> dict:
    """An answer for each word without what it has where there is none.

    Args:
        row: outputs by name; where there are `tokens`, with "" for padding, lists as
            long as these are cut.

    >>> words_only({"tokens": ["Hi", ""], "tags": ["INTJ", ""], "intent": "greet"})
    {'tokens': ['Hi'], 'tags': ['INTJ'], 'intent': 'greet'}
    """
    tokens = row.get("tokens")
    if not isinstance(tokens, list):
        return dict(row)
    count = max((place for place, token in enumerate(tokens, 1) if token), default=0)
    return {
        key: value[:count]
        if isinstance(value, list) and len(value) == len(tokens)
        else value
        for key, value in row.items()
    }


def plain(array: np.ndarray) -> list:
    """Nested lists of Python values; bytes become `str`.

    >>> plain(np.array([["café".encode()]], object)), plain(np.array([1, 2]))
    ([['café']], [1, 2])
    """
    if array.dtype == object or array.dtype.kind == "S":
        array = np.vectorize(lambda b: b.decode("utf-8", "replace"), otypes=[object])(
            array
        )
    return array.tolist()
