"""Synthetic sentences with names in them."""

from collections import Counter

from rnnzoo.data.synthetic.names import synthetic_names
from rnnzoo.metrics.tags import ALL, span_scores
from rnnzoo.tasks.tagging.sentences import Sentence, most_frequent_tags

SENTENCES = [Sentence(*pair) for pair in synthetic_names(3000, seed=1)]


def test_seeded():
    assert synthetic_names(5, seed=1) == synthetic_names(5, seed=1)
    assert synthetic_names(5, seed=1) != synthetic_names(5, seed=2)


def test_a_tag_for_each_word_and_one_name():
    for tokens, tags, _ in SENTENCES:
        assert len(tokens) == len(tags)
        assert sum(tag.startswith("B-") for tag in tags) == 1


def test_kinds_are_equally_frequent():
    kinds = Counter(tag[2:] for s in SENTENCES for tag in s.tags if tag[0] == "B")
    assert kinds == {"PER": 1000, "ORG": 1000, "LOC": 1000}


def test_words_alone_do_not_tell():
    train, test = SENTENCES[:2000], SENTENCES[2000:]
    answers = most_frequent_tags(train, [sentence.tokens for sentence in test])
    assert span_scores([s.tags for s in test], answers)[ALL].f1 < 0.5


def sides(sentence):
    """What stands before the name, the name's kind, and what stands after it."""
    start = next(i for i, tag in enumerate(sentence.tags) if tag != "O")
    end = max(i for i, tag in enumerate(sentence.tags) if tag != "O") + 1
    kind = sentence.tags[start][2:]
    return tuple(sentence.tokens[:start]), kind, tuple(sentence.tokens[end:])


def test_one_side_does_not_tell():
    """Even who knows how often each kind stands beside the same words errs."""
    rows = [sides(sentence) for sentence in SENTENCES]
    for side in (0, 2):
        counts = Counter((row[side], row[1]) for row in rows)
        best = Counter()
        for (words, _), count in counts.items():
            best[words] = max(best[words], count)
        assert best.total() < 0.8 * len(rows)
    both = {(before, after): kind for before, kind, after in rows}
    assert all(both[before, after] == kind for before, kind, after in rows)
