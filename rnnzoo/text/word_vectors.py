"""Word vectors from a file in the GloVe format."""

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from rnnzoo.text.token_vectorizer import normalize

_BATCH = 10_000  # Lines that are normalized together.


def read_word_vectors(
    path: str | Path, size: int, words: Collection[str], others: int
) -> dict[str, np.ndarray]:
    """Reads a text file of word vectors.

    Args:
        path: Path of the file. Each line has a word and its numbers, separated by
            blanks (Pennington et al. 2014, GloVe). The first line of word2vec, two
            integers, is ignored.
        size: Number of dimensions.
        words: Normalized words to read.
        others: Number of further words to read, from the start of the file.

    Returns:
        Vectors by normalized word, in the order of the file. Of words with the same
        normalized form, the first counts.

    Raises:
        ValueError: If a line has another number of dimensions, a vector that is read is
            not finite, or the file is empty.
    """
    vectors: dict[str, np.ndarray] = {}
    lines = _lines(path, size)
    while batch := list(itertools.islice(lines, _BATCH)):
        forms = normalize([word for word, _, _ in batch]).numpy()
        for form, (_, numbers, where) in zip(forms, batch, strict=True):
            word = form.decode("utf-8", "replace")
            is_other = word not in words
            if word not in vectors and (others > 0 or not is_other):
                vectors[word] = _vector(numbers, where)
                others -= is_other
    return vectors


def _lines(path: str | Path, size: int) -> Iterator[tuple[str, list[str], str]]:
    """Yields the word and the numbers of every line, and its place for errors."""
    empty = True
    with Path(path).open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip(" \r\n")
            heading = number == 1 and size != 1 and re.fullmatch(r"\d+ \d+", line)
            if heading or not line:
                continue
            word, *numbers = line.rsplit(" ", size)
            where = f"{path}, line {number}"
            # After the first line, words may contain blanks, but must not end in a
            # number: that is a vector with too many dimensions.
            *before, last = word.split(" ")
            is_word = last and not (before and (empty or _is_number(last)))
            if len(numbers) != size or not is_word:
                raise ValueError(
                    f"{where}: a word and {size} numbers are expected, got "
                    f"{line[:60]!r}, with {len(line.split()) - 1} numbers. Set "
                    "`embedding_dim` to the size of the vectors."
                )
            empty = False
            yield word, numbers, where
    if empty:
        raise ValueError(f"{path}: there is no word vector in the file.")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _vector(numbers: list[str], where: str) -> np.ndarray:
    try:
        vector = np.array(numbers, np.float32)
    except ValueError:
        vector = np.array(np.nan)
    if not np.isfinite(vector).all():
        shown = " ".join(numbers)[:60]
        raise ValueError(f"{where}: finite numbers are expected, got {shown!r}.")
    return vector


def with_vectors(
    table: np.ndarray, vocabulary: Sequence[str], vectors: Mapping[str, np.ndarray]
) -> np.ndarray:
    """Returns an embedding table with the rows of known vectors replaced.

    Args:
        table: Table `(2 + words, size)`. Its first two rows are padding and unknown.
        vocabulary: Words of the other rows.
        vectors: Vectors by word.
    """
    table = table.copy()
    for row, word in enumerate(vocabulary, 2):
        if word in vectors:
            table[row] = vectors[word]
    return table
