"""Word vectors from a file."""

import numpy as np
import pytest

from rnnzoo.text.word_vectors import read_word_vectors, with_vectors


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "vectors.txt"
        path.write_text(text)
        return path

    return write


def test_words_in_their_order(written):
    path = written("the 1 2\nBonn -0.5 3e-1\n. . 7 8\nthe 5 6\nTHE 9 9\n")
    vectors = read_word_vectors(path, size=2, count=100)
    assert list(vectors) == ["the", "bonn", ". ."]
    assert vectors["bonn"].tolist() == pytest.approx([-0.5, 0.3])
    assert list(read_word_vectors(path, size=2, count=1)) == ["the"]


def test_a_first_line_of_word2vec(written):
    assert list(read_word_vectors(written("1 3\nthe 1 2 3\n"), 3, 9)) == ["the"]


@pytest.mark.parametrize("line", ["the 1", "the one two", "1 2"])
def test_a_line_that_is_broken(written, line):
    path = written(f"a 1 2\n{line}\n")
    with pytest.raises(ValueError, match=r"vectors.txt, line 2: a word and 2 numbers"):
        read_word_vectors(path, 2, 9)


@pytest.mark.parametrize("size", [1, 3])
def test_vectors_of_another_size(written, size):
    with pytest.raises(ValueError, match=r"with 2 numbers. Set `embedding_dim`"):
        read_word_vectors(written("the 1 2\n"), size, 9)


def test_no_vector(written):
    with pytest.raises(ValueError, match="no word vector in the file"):
        read_word_vectors(written(""), 3, 9)


def test_rows_of_a_table():
    table = with_vectors(np.zeros((4, 2)), ["a", "b"], {"b": np.array([1, 2])})
    assert table.tolist() == [[0, 0], [0, 0], [0, 0], [1, 2]]
