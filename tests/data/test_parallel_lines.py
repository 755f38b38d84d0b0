"""Files side by side."""

import pytest

from rnnzoo.data.parallel_lines import side_by_side


def test_rows_of_three_files():
    rows = side_by_side("abc", [["1", "2"], ["3", "4"], ["5", "6"]])
    assert rows == [("1", "3", "5"), ("2", "4", "6")]


def test_which_file_has_more_and_from_where():
    message = "a has 2 lines, b has 1 lines, c has 3 lines; line 2 has none"
    with pytest.raises(ValueError, match=message):
        side_by_side("abc", [["1", "2"], ["3"], ["4", "5", "6"]])
