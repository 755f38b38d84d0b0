"""How whole texts are parted."""

import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from rnnzoo.text.pieces import clean, count_pieces, split_chunks


@given(text=st.text("aé ß!-7\n\t漢", max_size=50))
def test_chunks_make_up_the_text(text):
    texts = tf.constant([text])
    (chunks,) = split_chunks(texts).to_list()
    assert b"".join(chunks) == clean(texts).numpy()[0]
    assert all(0 < len(chunk.decode()) <= 33 for chunk in chunks)


@pytest.mark.parametrize("letters", [30, 31, 32, 63, 64, 95])
def test_long_words_have_no_empty_pieces(letters):
    (chunks,) = split_chunks(tf.constant([f"Das {'ö' * letters} gilt."])).to_list()
    assert b"" not in chunks
    assert b"".join(chunks).decode() == f" Das {'ö' * letters} gilt."


def test_pieces_are_counted():
    texts = tf.data.Dataset.from_tensor_slices(["a b", "a, a"])
    counts = count_pieces(texts, split_chunks)
    assert counts == {b" a": 3, b" b": 1, b",": 1}


def test_nothing_to_count():
    texts = tf.data.Dataset.from_tensor_slices(["", " \n"])
    with pytest.raises(ValueError, match="text"):
        count_pieces(texts, split_chunks)
