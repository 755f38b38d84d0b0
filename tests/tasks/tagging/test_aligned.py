"""Words and tags in columns."""

from rnnzoo.tasks.tagging.aligned import aligned


def test_aligned_pads_to_the_wider_text():
    rows = {"": ["\u00c9t\u00e9", "!"], "tags": ["NOUN", "PUNCT"]}
    assert aligned(rows) == "      \u00c9t\u00e9  !\ntags  NOUN PUNCT"


def test_aligned_continues_below_if_the_line_is_full():
    rows = {"": ["It", "rains", "!"], "tags": ["PRON", "VERB", "PUNCT"]}
    first = "      It   rains\ntags  PRON VERB"
    second = "      !\ntags  PUNCT"
    assert aligned(rows, 21) == f"{first}\n\n{second}"
    assert aligned(rows, 22) == "      It   rains !\ntags  PRON VERB  PUNCT"
    assert aligned(rows, 1).count("tags") == 3


def test_aligned_counts_the_columns_of_wide_letters():
    rows = {"": ["\u6771\u4eac", "e\u0301t", "!"], "tags": ["N", "X", "PUNCT"]}
    assert aligned(rows) == "      \u6771\u4eac e\u0301t !\ntags  N    X  PUNCT"
