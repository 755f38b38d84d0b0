"""Files with a word a line."""

import pytest

from rnnzoo.data.column_files import read_columns

CONLL = """-DOCSTART- -X- -X- O

EU NNP I-NP B-ORG
rejects VBZ I-VP O

# NN I-NP O
. . O O"""
CONLL_U = (
    "# newdoc\n# sent_id = 1\n# text = Don't\t# go\n# meta::x = 1\n"
    "1-2\tDon't\t_\t_\n1\tDo\tdo\tAUX\n2\tn't\tnot\tPART\n2.1\tx\tx\tX\n"
    "3\t#\t#\tSYM\n\n\n\n1\tno\xa0way\tno\tINTJ\n\n"
)


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "data.conll"
        path.write_bytes(text.encode())
        return path

    return write


def test_blanks(file):
    for text in (CONLL, CONLL.replace("\n", "\r\n")):
        first, second = read_columns(file(text))
        assert first == (["EU", "rejects"], ["B-ORG", "O"])
        assert second == (["#", "."], ["O", "O"])
    tags = [tags for _, tags in read_columns(file(CONLL), tag_column=1)]
    assert tags == [["NNP", "VBZ"], ["NN", "."]]


def test_conll_u(file):
    first, second = read_columns(file(CONLL_U), token_column=1, tag_column=3)
    assert first == (["Do", "n't", "#"], ["AUX", "PART", "SYM"])
    assert second == (["no\xa0way"], ["INTJ"])


def test_numbers_and_marks_are_words_where_the_word_comes_first(file):
    text = "\ufeff3.5\tNUM\n2-1\tNUM\n#\tSYM\n# x\nno\xa0way INTJ\n"
    ((tokens, tags),) = read_columns(file(text))
    assert tokens == ["3.5", "2-1", "#", "#", "no\xa0way"]
    assert tags == ["NUM", "NUM", "SYM", "x", "INTJ"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("word", r"data\.conll, line 4.* 2 .*`tag_column`.* 1.*'word'"),
        ("word\t", r"data\.conll, line 4[^`]*'word\\t'"),
    ],
)
def test_a_short_line_is_named(file, line, message):
    path = file(f"a O\nb O\n\n{line}\n")
    with pytest.raises(ValueError, match=message):
        list(read_columns(path))


@pytest.mark.parametrize("line", ["rejects VBZ I-VP", "rejects VBZ I-VP O O"])
def test_from_the_end_all_lines_have_as_many_columns(file, line):
    path = file(f"EU NNP I-NP B-ORG\n{line}\n")
    with pytest.raises(ValueError, match=f"line 2.* 4 .*'{line}'"):
        list(read_columns(path))
    assert [tags for _, tags in read_columns(path, tag_column=1)] == [["NNP", "VBZ"]]


def test_conll_u_taken_for_a_file_that_begins_with_the_word(file):
    with pytest.raises(ValueError, match=r"0.*`token_column`"):
        list(read_columns(file(CONLL_U)))


def test_too_few_columns_for_what_is_asked(file):
    path = file(CONLL)
    with pytest.raises(ValueError, match=r"line 3.* 6 .* 5.*`tag_column`"):
        list(read_columns(path, tag_column=5))


def test_one_column_for_both(file):
    with pytest.raises(ValueError, match=r"`tag_column`.*`token_column`.* 0"):
        list(read_columns(file(CONLL), tag_column=0))


def test_an_empty_file(file):
    assert list(read_columns(file(""))) == []
