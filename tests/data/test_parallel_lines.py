"""Files side by side."""

import pytest

from rnnzoo.data.parallel_lines import side_by_side


def test_rows_of_three_files():
    rows = side_by_side("abc", [["1", "2"], ["3", "4"], ["5", "6"]])
    assert rows == [("1", "3", "5"), ("2", "4", "6")]


def test_which_file_has_more_and_from_where():
    message = "a .*2.*b .*1.*c .*3.*line 2 "
    with pytest.raises(ValueError, match=message):
        side_by_side("abc", [["1", "2"], ["3"], ["4", "5", "6"]])
