"""The README's Python, run as it stands there."""

import re

import pytest
from harness.scripts import ROOT

BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
# What needs a data set that has to be fetched, or trains for minutes.
SLOW = ("imdb_reviews", "tagging_char_bilstm_crf")


@pytest.mark.parametrize(
    "block",
    [block for block in BLOCKS if not any(name in block for name in SLOW)],
    ids=lambda block: block.splitlines()[0],
)
def test_it_runs(block):
    exec(compile(block, "README.md", "exec"), {"__name__": "readme"})
