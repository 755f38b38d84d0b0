"""Words and their tags as lines of text, in columns."""

import unicodedata
from collections.abc import Mapping, Sequence


def aligned(rows: Mapping[str, Sequence[str]], width: int = 80) -> str:
    """Returns rows of texts in columns of equal width.

    Args:
        rows: Texts of each row, by the name in front of it.
        width: Number of characters in a line. Columns that do not fit follow below a
            blank line.

    >>> print(aligned({"": ["It", "rains"], "tags": ["PRON", "VERB"]}))
          It   rains
    tags  PRON VERB
    """
    names = _column([f"{name} " for name in rows])
    block, blocks = names, []
    for texts in zip(*rows.values(), strict=True):
        column = _column(texts)
        if block is not names and _width(block[0] + column[0]) >= width:
            blocks.append(block)
            block = names
        block = [f"{line} {text}" for line, text in zip(block, column, strict=True)]
    blocks.append(block)
    return "\n\n".join("\n".join(map(str.rstrip, block)) for block in blocks)


def _column(texts):
    """Texts, made as wide as the widest of them by blanks."""
    width = max(map(_width, texts))
    return [text + " " * (width - _width(text)) for text in texts]


def _width(text):
    """Columns of a terminal: letters of East Asia take two, added accents none."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))
