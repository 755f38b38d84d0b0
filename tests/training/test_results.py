"""Rows of results."""

import csv

import pytest

from rnnzoo.training.results import add_row, environment


def read(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_rows_are_added_and_the_same_measurement_replaced(tmp_path):
    path = tmp_path / "results" / "some.csv"
    add_row(path, {"command": "a --x '1, 2'", "value": 0.5})
    add_row(path, {"command": "b", "value": 0.6})
    add_row(path, {"command": "a --x '1, 2'", "value": 0.7})
    add_row(path, {"command": "b", "value": None})
    assert read(path) == [
        {"command": "a --x '1, 2'", "value": "0.7"},
        {"command": "b", "value": ""},
    ]


def test_a_column_more(tmp_path):
    add_row(tmp_path / "some.csv", {"command": "a", "value": 1})
    add_row(tmp_path / "some.csv", {"command": "b", "seconds": 2, "value": 3})
    assert read(tmp_path / "some.csv") == [
        {"command": "a", "seconds": "", "value": "1"},
        {"command": "b", "seconds": "2", "value": "3"},
    ]


def test_a_table_of_something_else_is_refused(tmp_path):
    add_row(tmp_path / "some.csv", {"command": "a", "value": 1})
    with pytest.raises(ValueError, match=r"columns that the row has not, \['value'\]"):
        add_row(tmp_path / "some.csv", {"command": "b", "seconds": 1})
    assert read(tmp_path / "some.csv") == [{"command": "a", "value": "1"}]


def test_environment():
    found = environment()
    assert "tensorflow 2." in found["versions"]
    assert "keras 3." in found["versions"]
    assert "CPU" in found["device"]


def test_a_key_may_have_a_new_column(tmp_path):
    path = tmp_path / "rows.csv"
    add_row(path, {"way": "a"}, key=("way",))
    for run in ("one", "other", "one"):
        add_row(path, {"way": "a", "run": run}, key=("run", "way"))
    assert path.read_text().splitlines() == ["way,run", "a,", "a,other", "a,one"]
