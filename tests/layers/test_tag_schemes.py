"""What the schemes allow."""

import itertools
import re

import pytest

from rnnzoo.layers.tag_schemes import allowed_transitions

# The spans of every sequence, one character a tag: small letters go on.
IOB2 = re.compile("(O|A[a]*|B[b]*)*")
IOB2_TAGS = {"O": "O", "B-X": "A", "I-X": "a", "B-Y": "B", "I-Y": "b"}
IOBES = re.compile("(O|S|A[a]*z)*")
IOBES_TAGS = {"O": "O", "S-X": "S", "B-X": "A", "I-X": "a", "E-X": "z"}


@pytest.mark.parametrize(
    ("pattern", "tags"), [(IOB2, IOB2_TAGS), (IOBES, IOBES_TAGS)], ids=["iob2", "iobes"]
)
def test_against_a_regular_expression(pattern, tags):
    names = list(tags)
    follows, begins, ends = allowed_transitions(names)
    for length in (1, 2, 3, 4):
        for sequence in itertools.product(range(len(names)), repeat=length):
            allowed = (
                begins[sequence[0]]
                and ends[sequence[-1]]
                and all(follows[pair] for pair in itertools.pairwise(sequence))
            )
            text = "".join(tags[names[i]] for i in sequence)
            assert allowed == bool(pattern.fullmatch(text)), text


@pytest.mark.parametrize("tag", ["X", "B", "B-", "-LOC", "L-LOC", ""])
def test_another_scheme_is_named(tag):
    with pytest.raises(ValueError, match="IOB2 or IOBES, 'O' or such as 'B-LOC', got"):
        allowed_transitions(["O", tag])
