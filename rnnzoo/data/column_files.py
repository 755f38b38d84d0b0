"""Tagged sentences in columns: the format of the CoNLL shared tasks."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

_DOCUMENT = "-DOCSTART-"
# In CoNLL-U: comments, words that are parted below ("1-2"), and such as were left out
# ("1.1").
_NO_WORD = re.compile(r"#|\d+[-.]\d+\t")
_BLANKS = re.compile(r"[ \t]+")


def read_columns(
    path: str | Path, token_column: int = 0, tag_column: int = -1
) -> Iterator[tuple[list[str], list[str]]]:
    """Reads a file with a word a line, in columns, and a blank line after a sentence.

    Columns are parted by tabs, in a line that has one, or else by blanks. Marks of
    documents are passed over. Where the word is not in the first column, that is its
    number, as in CoNLL-U, and the comments of that format are passed over, too. Where
    columns are counted from the end, every line must have as many as the first.

    Args:
        path: the file, UTF-8.
        token_column: which column has the word, from 0; from the end if negative.
        tag_column: which has the tag.

    Yields:
        The tokens and the tags of each sentence that is not empty.

    Raises:
        ValueError: for a line with too few or empty columns, or, counted from the end,
            with another number of them (tells the file and the line); or if both are
            one column.
    """
    if token_column == tag_column:
        raise ValueError(
            "`tag_column` must be another one than `token_column`, which has the "
            f"words; both are {tag_column}."
        )
    tokens: list[str] = []
    tags: list[str] = []
    needed = max(c + 1 if c >= 0 else -c for c in (token_column, tag_column))
    needed, width = max(needed, 2), None
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
            columns = line.split("\t") if "\t" in line else _BLANKS.split(line)
            width = width or len(columns)
            expected = None
            if len(columns) < needed:
                expected = f"{needed} columns or more"
            elif min(token_column, tag_column) < 0 and len(columns) != width:
                expected = f"{width} columns, as in the first line,"
            if expected:
                raise ValueError(
                    f"{path}, line {number}: {expected} are expected, with the word in "
                    f"column {token_column} (`token_column`) and its tag in column "
                    f"{tag_column} (`tag_column`), got {len(columns)}: {line!r}. There "
                    "must be a word a line, and a blank line after a sentence."
                )
            token, tag = (columns[c].strip() for c in (token_column, tag_column))
            if not token or not tag:
                raise ValueError(f"{path}, line {number}: an empty column in {line!r}.")
            tokens.append(token)
            tags.append(tag)
    if tokens:
        yield tokens, tags


def check_sentence(tokens: Sequence[str], tags: Sequence[str], where: str) -> None:
    """Raises a ValueError for a sentence without a tag for each of its words."""
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
