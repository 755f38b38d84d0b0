"""Raw text to tokens."""

import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from rnnzoo.text import split_tokens


def tokens_of(text):
    return [t.decode() for t in split_tokens(tf.constant([text]))[0].numpy()]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ('He said: "Go!"', 'He said : " Go ! "'),
        ("They can't; it\u2019s John's.", "They ca n't ; it 's John 's ."),
        ("In the U.S., i.e. here...", "In the U.S. , i.e. here ..."),
        ("well-known, 1,000.50 at 10:30", "well-known , 1,000.50 at 10:30"),
        ("'quoted' -- so (they) say", "' quoted ' -- so ( they ) say"),
        (
            "\u00c9t\u00e9\u00a0\U0001f600\U0001f44d",
            "\u00c9t\u00e9 \U0001f600 \U0001f44d",
        ),
        ("a\x00b\tc\n", "a b c"),
        (" ", ""),
    ],
)
def test_tokens(text, tokens):
    assert tokens_of(text) == tokens.split()


@given(st.text(max_size=30))
def test_nothing_but_blanks_is_lost(text):
    """Blanks and control characters, that is; an apostrophe becomes a plain one."""
    kept = tf.strings.regex_replace(text.replace("\u2019", "'"), r"[\pZ\pC\x00]", "")
    assert "".join(tokens_of(text)) == "".join(kept.numpy().decode().split())


def test_a_batch_is_split_row_by_row():
    rows = split_tokens(tf.constant(["It rains.", "", "Go"])).to_list()
    assert rows == [[b"It", b"rains", b"."], [], [b"Go"]]
