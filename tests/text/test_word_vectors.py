"""Word vectors from a file."""

import numpy as np
import pytest

from rnnzoo.text import word_vectors
from rnnzoo.text.word_vectors import read_word_vectors, with_vectors


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "vectors.txt"
        path.write_text(text)
        return path

    return write


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_words_in_their_order(written, monkeypatch, at_once):
    monkeypatch.setattr(word_vectors, "_BATCH", at_once)
    path = written("the 1 2\nBonn -0.5 3e-1\n. . 7 8\nthe 5 6\nTHE 9 9\n\n")
    vectors = read_word_vectors(path, size=2, words=(), others=100)
    assert list(vectors) == ["the", "bonn", ". ."]
    assert vectors["bonn"].tolist() == pytest.approx([-0.5, 0.3])
    assert vectors["the"].tolist() == [1, 2]


def test_words_that_are_looked_for_wherever_they_stand(written):
    path = written("the 1 2\na 3 4\nof 5 6\nBonn 7 8\n")
    wanted = {"bonn", "a", "zoo"}
    assert list(read_word_vectors(path, 2, wanted, others=1)) == ["the", "a", "bonn"]
    assert list(read_word_vectors(path, 2, wanted, others=0)) == ["a", "bonn"]


def test_a_first_line_of_word2vec(written):
    assert list(read_word_vectors(written("1 3\nthe 1 2 3\n"), 3, (), 9)) == ["the"]


def test_a_file_that_begins_with_a_mark_of_its_encoding(written):
    assert list(read_word_vectors(written("\ufeffthe 1 2\n"), 2, (), 9)) == ["the"]


def test_a_word_that_is_a_number(written):
    assert list(read_word_vectors(written("7 1\n7 2\n"), 1, (), 9)) == ["0"]


@pytest.mark.parametrize("line", ["the 1", "1 2", "the 1 2 3"])
def test_a_line_that_is_broken(written, line):
    path = written(f"a 1 2\n{line}\n")
    with pytest.raises(
        ValueError, match=rf"vectors\.txt, line 2.*'{line}'.*`embedding_dim`"
    ):
        read_word_vectors(path, 2, (), 9)


@pytest.mark.parametrize("line", ["the one two", "the 1 nan", "the inf 1"])
def test_numbers_that_are_none(written, line):
    with pytest.raises(ValueError, match=f"line 2.*'{line[4:]}'"):
        read_word_vectors(written(f"a 1 2\n{line}\n"), 2, (), 9)


@pytest.mark.parametrize(
    ("line", "size", "found"),
    [("the 1 2", 1, 2), ("the 1 2", 3, 2), ("Hello world", 3, 1)],
)
def test_vectors_of_another_size(written, line, size, found):
    with pytest.raises(ValueError, match=f"'{line}'.* {found} .*`embedding_dim`"):
        read_word_vectors(written(f"{line}\n"), size, (), 9)


@pytest.mark.parametrize("text", ["", "\n\n", "400000 50\n"])
def test_no_vector(written, text):
    with pytest.raises(ValueError, match=r"vectors\.txt: "):
        read_word_vectors(written(text), 3, (), 9)


def test_rows_of_a_table():
    table = with_vectors(np.zeros((4, 2)), ["a", "b"], {"b": np.array([1, 2])})
    assert table.tolist() == [[0, 0], [0, 0], [0, 0], [1, 2]]
