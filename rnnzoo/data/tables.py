"""Tables with named columns: CSV, TSV and JSON lines."""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_JSON_LINES = (".jsonl", ".ndjson", ".json")


def read_table(path: str | Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    """Reads the rows of a file with named columns.

    Args:
        path: Path of a CSV (".csv") or TSV file (".tsv", ".txt") whose first row has
            the column names, or of JSON lines (".jsonl") with objects. UTF-8.

    Yields:
        Number of the line that a row ends in, and its values by column.

    Raises:
        ValueError: If the file is not UTF-8, or a row is malformed or has other
            columns; names the file and the line.
    """
    path = Path(path)
    read = _json_lines if path.suffix.lower() in _JSON_LINES else _delimited
    try:
        yield from read(path)
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path} is not UTF-8: {error}. Convert it, for example by "
            f"`iconv -f latin1 -t utf-8 {path.name}`."
        ) from None


def read_columns_of_table(
    path: str | Path, *columns: str
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Reads some columns of a table as texts.

    Args:
        path: Path of the table, see `read_table`.
        *columns: Names of the columns.

    Yields:
        Number of the line, and the values in the order of `columns`.

    Raises:
        ValueError: If a column is missing or null, or the file has no rows.
    """
    empty = True
    for line, row in read_table(path):
        empty = False
        for name in columns:
            problem = None
            if name not in row:
                problem = f"is missing. The columns are {', '.join(map(repr, row))}."
            elif row[name] is None or isinstance(row[name], (dict, list)):
                problem = f"is no text but {json.dumps(row[name])[:60]}."
            if problem:
                raise ValueError(f"{path}, line {line}: column {name!r} {problem}")
        yield line, tuple(str(row[name]) for name in columns)
    if empty:
        raise ValueError(f"{path}: the file has no rows.")


def column_names(path: str | Path) -> list[str]:
    """Returns the column names of a table's first row."""
    for _, row in read_table(path):
        return list(row)
    raise ValueError(f"{path}: the file has no rows.")


def _delimited(path):
    csv.field_size_limit(2**31 - 1)  # Texts may be longer than Python's default.
    with path.open(encoding="utf-8-sig", newline="") as file:
        # Quotation marks have no meaning in most TSV files.
        delimiter = _DELIMITERS.get(path.suffix.lower(), "\t")
        quoting = csv.QUOTE_MINIMAL if delimiter == "," else csv.QUOTE_NONE
        rows = csv.reader(file, delimiter=delimiter, quoting=quoting, strict=True)
        try:
            header = next(rows, [])
            if len(set(header)) < len(header):
                raise ValueError(f"{path}, line 1: a column name repeats in {header}.")
            for row in rows:
                if not row:
                    continue
                if len(row) != len(header):
                    raise ValueError(
                        f"{path}, line {rows.line_num}: expected {len(header)} columns "
                        f"({', '.join(header)}), got {len(row)}."
                    )
                yield rows.line_num, dict(zip(header, row, strict=True))
        except csv.Error as error:
            raise ValueError(f"{path}, line {rows.line_num}: {error}.") from None


def _json_lines(path):
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{path}, line {number}: {error}.") from None
            if not isinstance(row, dict):
                raise ValueError(
                    f"{path}, line {number}: expected a JSON object, got {line[:60]!r}."
                )
            yield number, row
