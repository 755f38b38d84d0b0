"""Files of tagged sentences in columns, as in the CoNLL shared tasks."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

_DOCUMENT = "-DOCSTART-"
# In CoNLL-U: comments, words that the next lines split ("1-2"), and omitted words
# ("1.1").
_NO_WORD = re.compile(r"#|\d+[-.]\d+\t")


def read_columns(
    path: str | Path, token_column: int = 0, tag_column: int = -1
) -> Iterator[tuple[list[str], list[str]]]:
    """Reads a file with one word per line and a blank line after each sentence.

    Columns are separated by tabs if the line has any, otherwise by blanks. Document
    marks are ignored, and so are the comments of CoNLL-U unless the word is in the
    first column. With a negative index, all lines must have equally many columns.

    Args:
        path: Path of the file, UTF-8.
        token_column: Index of the word's column, from 0; from the end if negative.
        tag_column: Index of the tag's column.

    Yields:
        Tokens and tags of each sentence that is not empty.

    Raises:
        ValueError: If a line has a wrong number of columns or an empty one (names the
            file and the line), or both indices are equal.
    """
    if token_column == tag_column:
        raise ValueError(
            "`tag_column` must be another one than `token_column`, which has the "
            f"words; both are {tag_column}."
        )
    tokens, tags = [], []
    indices = (token_column, tag_column)
    minimum = max(2, *(i + 1 if i >= 0 else -i for i in indices))
    width = None
    with Path(path).open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\r\n")
            if not line.strip():
                if tokens:
                    yield tokens, tags
                tokens, tags = [], []
                continue
            if line.startswith(_DOCUMENT) or (token_column and _NO_WORD.match(line)):
                continue
            line = line.strip(" ")
            columns = line.split("\t") if "\t" in line else re.split(" +", line)
            width = width or len(columns)
            expected = None
            if len(columns) < minimum:
                expected = f"{minimum} columns or more"
            elif min(indices) < 0 and len(columns) != width:
                expected = f"{width} columns, as in the first line,"
            if expected:
                raise ValueError(
                    f"{path}, line {number}: {expected} are expected, with the word in "
                    f"column {token_column} (`token_column`) and its tag in column "
                    f"{tag_column} (`tag_column`), got {len(columns)}: {line!r}. There "
                    "must be a word per line, and a blank line after a sentence."
                )
            token, tag = (columns[i].strip() for i in indices)
            if not token or not tag:
                raise ValueError(f"{path}, line {number}: an empty column in {line!r}.")
            tokens.append(token)
            tags.append(tag)
    if tokens:
        yield tokens, tags


def check_sentence(tokens: Sequence[str], tags: Sequence[str], where: str) -> None:
    """Raises a ValueError unless a sentence has a tag for each word."""
    if len(tokens) != len(tags):
        raise ValueError(
            f"{where} has {len(tokens)} words and {len(tags)} tags; each word needs "
            f"one tag: {_beginning(tokens)}, {_beginning(tags)}."
        )
    for kind, names in (("word", tokens), ("tag", tags)):
        if "" in names:
            raise ValueError(
                f'{where} has an empty {kind}, "", which is padding: '
                f"{_beginning(names)}."
            )


def _beginning(names):
    return f"{list(names[:10])}" + " and so on" * (len(names) > 10)
