"""Word vectors from a file, in the format of GloVe."""

import itertools
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from rnnzoo.text.token_vectorizer import normalize

_AT_ONCE = 10_000  # lines


def read_word_vectors(
    path: str | Path, size: int, words: Collection[str], others: int
) -> dict[str, np.ndarray]:
    """Reads a text file of word vectors.

    Args:
        path: the file: a line for each word, the word and its numbers, blanks between
            (Pennington et al. 2014, GloVe). A first line of two whole numbers, as
            word2vec writes it, is passed over.
        size: how many numbers a word has.
        words: the words that are looked for, normalized as the vocabulary is.
        others: how many further words are taken, the first ones of the file.

    Returns:
        By word, normalized, its vector, in the order of the file; of several words that
        are the same then, the first.

    Raises:
        ValueError: if a line has another number of numbers, or, of a word that is
            taken, some that are not finite; or if there is no line.
    """
    found: dict[str, np.ndarray] = {}
    lines = _lines(path, size)
    while some := list(itertools.islice(lines, _AT_ONCE)):
        forms = normalize([word for word, _, _ in some]).numpy()
        for form, (_, numbers, where) in zip(forms, some, strict=True):
            word = form.decode("utf-8", "replace")
            if word in found:
                continue
            if word in words:
                found[word] = _row(numbers, where)
            elif others > 0:
                found[word] = _row(numbers, where)
                others -= 1
    return found


def _lines(path: str | Path, size: int) -> Iterator[tuple[str, list[str], str]]:
    """The word and the numbers of every line, and how an error names the line."""
    empty = True
    with Path(path).open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip(" \r\n")
            heading = number == 1 and size != 1 and re.fullmatch(r"\d+ \d+", line)
            if heading or not line:
                continue
            word, *numbers = line.rsplit(" ", size)
            where = f"{path}, line {number}"
            # Further down, a word may have blanks within, but is no row of numbers.
            *before, last = word.split(" ")
            is_word = last and not (before and (empty or _is_number(last)))
            if len(numbers) != size or not is_word:
                raise ValueError(
                    f"{where}: a word and {size} numbers are expected "
                    f"(`embedding_dim`), got {line[:60]!r}, with "
                    f"{len(line.split()) - 1} numbers. Set `embedding_dim` to the size "
                    "of the vectors."
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


def _row(numbers: list[str], where: str) -> np.ndarray:
    try:
        row = np.array(numbers, np.float32)
    except ValueError:
        row = np.array(np.nan)
    if not np.isfinite(row).all():
        shown = " ".join(numbers)[:60]
        raise ValueError(f"{where}: finite numbers are expected, got {shown!r}.")
    return row


def with_vectors(
    table: np.ndarray, vocabulary: Sequence[str], vectors: Mapping[str, np.ndarray]
) -> np.ndarray:
    """A table of word vectors with those that are known put into it.

    Args:
        table: `(2 + words, size)`, the first two rows for padding and unknown words.
        vocabulary: the words of the rows after these.
        vectors: what is known, by word.
    """
    table = table.copy()
    for row, word in enumerate(vocabulary, 2):
        if word in vectors:
            table[row] = vectors[word]
    return table
