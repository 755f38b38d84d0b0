"""The synthetic reviews: balanced, repeatable, and blind without order."""

import re
from collections import Counter

from rnnzoo.data.synthetic.reviews import BAD, GOOD, synthetic_reviews


def test_same_seed_same_reviews():
    assert synthetic_reviews(50, seed=3) == synthetic_reviews(50, seed=3)
    assert synthetic_reviews(50, seed=3) != synthetic_reviews(50, seed=4)


def test_half_of_them_are_positive():
    _, labels = synthetic_reviews(1000, seed=0)
    assert Counter(labels) == {0: 500, 1: 500}


def test_every_review_has_as_many_good_words_as_bad():
    for text in synthetic_reviews(500, seed=0)[0]:
        words = re.findall(r"[a-z]+", text)
        good, bad = (sum(w in kind for w in words) for kind in (GOOD, BAD))
        assert good == bad > 0


def test_no_word_tells_the_label():
    texts, labels = synthetic_reviews(20_000, seed=0)
    with_word = {0: Counter(), 1: Counter()}
    for text, label in zip(texts, labels, strict=True):
        with_word[label].update(set(re.findall(r"[a-z]+", text)))
    for word in {*GOOD, *BAD}:
        share = with_word[1][word] / (with_word[0][word] + with_word[1][word])
        assert abs(share - 0.5) < 0.05, word


def test_labels_are_true():
    texts, labels = synthetic_reviews(2000, seed=0)
    found = 0
    for text, label in zip(texts, labels, strict=True):
        if match := re.search(r"It is (\w+), not (\w+)\.", text):
            found += 1
            assert (match[1] in GOOD) == bool(label)
            assert (match[2] in BAD) == bool(label)
    assert found > 50
