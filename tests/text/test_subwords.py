"""Learning which neighbours to merge, against counting anew after every merge."""

from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from rnnzoo.text.subwords import BYTES, learn_merges, merge, spell

words = st.dictionaries(
    st.text("abc", min_size=1, max_size=8).map(str.encode),
    st.integers(1, 9),
    max_size=12,
)


def counted(spelled):
    """How often each pair of neighbours occurs."""
    pairs = Counter()
    for symbols, count in spelled:
        for pair in pairwise(symbols):
            pairs[pair] += count
    return pairs


@settings(max_examples=60)
@given(words=words, count=st.integers(0, 15))
def test_the_most_frequent_pair_is_merged_each_time(words, count):
    spelled = [(list(word), n) for word, n in words.items()]
    merges = learn_merges(words, count)
    for i, pair in enumerate(merges):
        pairs = counted(spelled)
        assert pairs[pair] == max(pairs.values())
        spelled = [(merge(symbols, pair, BYTES + i), n) for symbols, n in spelled]
    left = counted(spelled)
    assert len(merges) == count or max(left.values(), default=0) < 2


@given(words=words)
def test_what_is_merged_spells_the_same(words):
    merges = learn_merges(words, 10)
    pieces = spell(merges)
    for word in words:
        symbols = list(word)
        for i, pair in enumerate(merges):
            symbols = merge(symbols, pair, BYTES + i)
        assert b"".join(pieces[symbol] for symbol in symbols) == word
