"""Rows of results."""

import csv

from rnnzoo.training.results import add_row, environment


def read(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_add_row_of_same_measurement_replaces_it(tmp_path):
    path = tmp_path / "results" / "some.csv"
    add_row(path, {"command": "a --x '1, 2'", "value": 0.5})
    add_row(path, {"command": "b", "value": 0.6})
    add_row(path, {"command": "a --x '1, 2'", "value": 0.7})
    add_row(path, {"command": "b", "value": None})
    assert read(path) == [
        {"command": "a --x '1, 2'", "value": "0.7"},
        {"command": "b", "value": ""},
    ]


def test_add_row_with_new_column_leaves_it_empty_above(tmp_path):
    add_row(tmp_path / "some.csv", {"command": "a", "value": 1})
    add_row(tmp_path / "some.csv", {"command": "b", "seconds": 2, "value": 3})
    assert read(tmp_path / "some.csv") == [
        {"command": "a", "seconds": "", "value": "1"},
        {"command": "b", "seconds": "2", "value": "3"},
    ]


def test_add_row_without_old_column_leaves_it_empty(tmp_path):
    add_row(tmp_path / "some.csv", {"command": "a", "value": 1})
    add_row(tmp_path / "some.csv", {"command": "b", "seconds": 1})
    assert read(tmp_path / "some.csv") == [
        {"command": "a", "seconds": "", "value": "1"},
        {"command": "b", "seconds": "1", "value": ""},
    ]


def test_environment_names_versions_and_device():
    found = environment()
    assert "tensorflow 2." in found["versions"]
    assert "keras 3." in found["versions"]
    assert "CPU" in found["device"]


def test_add_row_with_key_of_new_column_keeps_old_rows(tmp_path):
    path = tmp_path / "rows.csv"
    add_row(path, {"way": "a"}, key=("way",))
    for run in ("one", "other", "one"):
        add_row(path, {"way": "a", "run": run}, key=("run", "way"))
    assert path.read_text().splitlines() == ["way,run", "a,", "a,other", "a,one"]
