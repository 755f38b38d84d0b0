"""What the schemes allow."""

import contextlib
import itertools
import re

import pytest

from rnnzoo.layers.tag_schemes import allowed_transitions, warn_of_broken

# The spans of every sequence, one character a tag: small letters go on.
IOB2 = re.compile("(O|A[a]*|B[b]*)*")
IOB2_TAGS = {"O": "O", "B-X": "A", "I-X": "a", "B-Y": "B", "I-Y": "b"}
IOBES = re.compile("(O|S|A[a]*z)*")
IOBES_TAGS = {"O": "O", "S-X": "S", "B-X": "A", "I-X": "a", "E-X": "z"}


@pytest.mark.parametrize(
    ("pattern", "tags"), [(IOB2, IOB2_TAGS), (IOBES, IOBES_TAGS)], ids=["iob2", "iobes"]
)
def test_against_a_regular_expression(pattern, tags):
    for length in (0, 1, 2, 3, 4):
        for row in itertools.product(tags, repeat=length):
            allowed = pattern.fullmatch("".join(tags[tag] for tag in row))
            named = re.escape(str(list(row)))
            warned = pytest.warns(UserWarning, match=f"`tags`.* 0.*{named}")
            with contextlib.nullcontext() if allowed else warned:
                warn_of_broken([row], list(tags))


@pytest.mark.parametrize("tag", ["X", "B", "B-", "-LOC", "L-LOC", ""])
def test_another_scheme_is_named(tag):
    with pytest.raises(ValueError, match=f"`tags`.*IOB2.*IOBES.* '{tag}'"):
        allowed_transitions(["O", tag])
