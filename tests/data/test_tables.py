"""Tables of the user's."""

import re

import pytest

from rnnzoo.data.tables import column_names, read_columns_of_table, read_table

CSV = 'text,label\n"A ""good"" film,\nreally",pos\n\nbad,neg\n'
TSV = 'text\tlabel\nA "good film\tpos\nbad\tneg\n'
JSON = '{"text": "A good film", "label": 1}\n\n{"text": "bad", "label": 0}\n'


@pytest.fixture
def write(tmp_path):
    def write(name, text, encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.mark.parametrize(
    ("name", "text", "first"),
    [
        ("a.csv", CSV, (3, ('A "good" film,\nreally', "pos"))),
        ("a.tsv", TSV, (2, ('A "good film', "pos"))),
        ("a.jsonl", JSON, (1, ("A good film", "1"))),
        ("a.csv", "\ufeff" + CSV, (3, ('A "good" film,\nreally', "pos"))),
    ],
)
def test_rows_of_every_format(write, name, text, first):
    path = write(name, text)
    rows = list(read_columns_of_table(path, "text", "label"))
    assert rows[0] == first
    assert len(rows) == 2
    assert column_names(path) == ["text", "label"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "text,label\ngood,1\nbad\n", r"a.csv, line 3: .*2.*text, label.*1"),
        ("a.csv", "text,label\na,b,c\n", r"a.csv, line 2: .*2.*text, label.*3"),
        ("a.csv", "text,text\na,b\n", r"a.csv, line 1: .*'text', 'text'"),
        ("a.csv", 'text,label\n"open,1\n', r"a.csv, line 2: "),
        ("a.tsv", "text\tlabel\nx\n", r"a.tsv, line 2: "),
        ("a.jsonl", '{"text": 1\n', r"a.jsonl, line 1: "),
        ("a.jsonl", "[1, 2]\n", r"a.jsonl, line 1: .*\[1, 2\]"),
    ],
)
def test_a_broken_row_names_file_and_line(write, name, text, message):
    with pytest.raises(ValueError, match=message):
        list(read_table(write(name, text)))


def test_a_missing_column_says_which_there_are(write):
    with pytest.raises(ValueError, match=r"'stars'.*'text', 'label'"):
        list(read_columns_of_table(write("a.csv", CSV), "stars"))


@pytest.mark.parametrize("value", ["null", '["a"]', '{"b": 1}'])
def test_a_value_that_is_no_text_is_refused_by_line_and_column(write, value):
    path = write("a.jsonl", f'{{"text": "a"}}\n{{"text": {value}}}\n')
    message = rf"a\.jsonl, line 2: .*'text'.*{re.escape(value)}"
    with pytest.raises(ValueError, match=message):
        list(read_columns_of_table(path, "text"))


def test_a_text_may_be_long(write):
    path = write("a.csv", f"text\n{'a' * 200_000}\n")
    ((_, (text,)),) = read_columns_of_table(path, "text")
    assert len(text) == 200_000


def test_an_empty_file_is_refused_by_name(write):
    for text in ("", "text,label\n"):
        path = write("empty.csv", text)
        with pytest.raises(ValueError, match=r"empty\.csv"):
            column_names(path)
        with pytest.raises(ValueError, match=r"empty\.csv"):
            list(read_columns_of_table(path, "text"))


def test_a_file_in_another_encoding_is_refused_by_name(write):
    path = write("latin.csv", "text,label\nétude,1\n", "latin-1")
    with pytest.raises(ValueError, match=r"latin\.csv.*UTF-8"):
        list(read_table(path))
