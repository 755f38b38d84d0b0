"""The versions of a served model."""

from rnnzoo.versions import versions


def test_only_numbers_count(tmp_path):
    for name in ["10", "9", "1", ".incomplete-3", "latest", "1.5", "-4", "007", "2x"]:
        (tmp_path / name).mkdir()
    (tmp_path / "11").write_text("a file")
    assert versions(tmp_path) == [1, 9, 10]


def test_no_such_directory(tmp_path):
    assert versions(tmp_path / "nothing") == []
