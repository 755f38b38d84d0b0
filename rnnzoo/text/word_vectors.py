"""Word vectors from a file, in the format of GloVe."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from rnnzoo.text.token_vectorizer import normalize


def read_word_vectors(path: str | Path, size: int, count: int) -> dict[str, np.ndarray]:
    """Reads a text file of word vectors.

    Args:
        path: the file: a line for each word, the word and its numbers, blanks between
            (Pennington et al. 2014, GloVe). A first line of two whole numbers, as
            word2vec writes it, is passed over.
        size: how many numbers a word has.
        count: how many lines are read, at the most.

    Returns:
        By word, normalized as the vocabulary is, its vector, in the order of the
        file; of several words that are the same then, the first.

    Raises:
        ValueError: if a line has another number of numbers.
    """
    words, rows = [], []
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            word, *numbers = line.rstrip().rsplit(" ", size)
            if number == 1 and line.count(" ") == 1 and size != 1:
                continue
            if len(words) == count:
                break
            try:
                # Further down, a word may have blanks within; the first has none.
                if len(numbers) != size or not word or (not words and " " in word):
                    raise ValueError
                rows.append(np.array(numbers, np.float32))
            except ValueError:
                raise ValueError(
                    f"{path}, line {number}: a word and {size} numbers are expected "
                    f"(`embedding_dim`), got {line[:60].rstrip()!r}, with "
                    f"{len(line.split()) - 1} numbers. Set `embedding_dim` to the size "
                    "of the vectors."
                ) from None
            words.append(word)
    if not words:
        raise ValueError(f"{path}: there is no word vector in the file.")
    forms = normalize(words).numpy()
    found: dict[str, np.ndarray] = {}
    for form, row in zip(forms, rows, strict=True):
        found.setdefault(form.decode("utf-8", "replace"), row)
    return found


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
