"""The three parts of a data set."""

import pytest
import tensorflow as tf

from rnnzoo.data.splits import Splits, check_file_options, three_splits


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (["train", "validation", "test"], ("train[:100%]", "validation", "test")),
        (["test", "dev", "train"], ("train[:100%]", "dev", "test")),
        (["train", "validation"], ("train[:95%]", "train[95%:100%]", "validation")),
        (["train"], ("train[:90%]", "train[90%:95%]", "train[95%:100%]")),
    ],
)
def test_splits(given, found):
    assert three_splits("it", given) == found


def test_no_train():
    with pytest.raises(ValueError, match=r"'it'.*`train`.*test"):
        three_splits("it", ["test"])


def test_a_title_names_the_variant_and_taking_examples_keeps_it():
    parts = dict.fromkeys(("train", "validation", "test"), tf.data.Dataset.range(9))
    data = Splits(name="it", version="1.0", variant="en-de", **parts)
    assert data.title == "it 1.0 en-de"
    assert len(data.take(4).test) == 4
    assert data.take(4).variant == "en-de"


@pytest.mark.parametrize(
    ("name", "files", "of_files", "of_dataset", "message"),
    [
        ("embedded", ("a", None), {}, {}, "no `test`"),
        ("embedded", (None, "a"), {}, {}, "no `train`"),
        ("embedded", (None, None), {"column": 3}, {}, "`column`.*`train`.*`test`"),
        ("embedded", ("a", "b"), {"column": 3}, {"tags": "ner"}, "`tags`"),
        ("imdb_reviews", ("a", "b"), {}, {}, "`train`.*'imdb_reviews'"),
    ],
)
def test_arguments_that_do_not_go_with_files_are_refused(
    name, files, of_files, of_dataset, message
):
    files = dict(zip(("train", "test"), files, strict=True))
    with pytest.raises(ValueError, match=message):
        check_file_options(name, files, of_files, of_dataset)


def test_files_are_read_where_they_are_given():
    given, none = {"train": "a", "test": "b"}, {"train": None, "test": None}
    assert check_file_options("embedded", given, {"column": 3}, {"tags": None})
    assert not check_file_options("x", none, {"column": None}, {"tags": "ner"})
