"""Labelled texts, by name and from files."""

import csv
import json
import os
from pathlib import Path

import pytest
import tensorflow as tf
import tensorflow_datasets as tfds

from rnnzoo.tasks.classification.data import load_labelled_texts


def prepared(name):
    folder = Path(os.environ.get("TFDS_DATA_DIR", "~/tensorflow_datasets"), name)
    reason = f"{name} is not prepared in TFDS_DATA_DIR"
    missing = not any(folder.expanduser().rglob("dataset_info.json"))
    return [pytest.mark.real_data, pytest.mark.skipif(missing, reason=reason)]


TEXT = tfds.features.Text()
SIGN = tfds.features.ClassLabel(names=["minus", "plus"])


def rows(count, label=1):
    return [{"text": f"text {i}", "label": label} for i in range(count)]


def test_synthetic_reviews_are_balanced_and_different():
    data = load_labelled_texts()
    assert data.name == load_labelled_texts("reviews").name == "reviews"
    assert data.settings["class_names"] == ("negative", "positive")
    assert [len(d) for d in (data.train, data.validation, data.test)] == [
        4000, 500, 2000,
    ]  # fmt: skip
    parts = [data.train, data.validation, data.test]
    texts = [text for part in parts for text, _ in part.as_numpy_iterator()]
    assert len(set(texts)) == 6500
    labels = [label for part in parts for _, label in part.as_numpy_iterator()]
    assert abs(sum(labels) / len(labels) - 0.5) < 0.02
    text, label = next(iter(data.train))
    assert (text.dtype, label.dtype) == (tf.string, tf.int64)


def test_take_keeps_as_many_of_each_split():
    data = load_labelled_texts().take(3)
    assert [len(d) for d in (data.train, data.validation, data.test)] == [3, 3, 3]


def test_data_set_with_all_splits_is_read_by_them(made):
    name = made(
        {"text": TEXT, "label": SIGN},
        train=rows(40), validation=rows(3), test=rows(5),
    )  # fmt: skip
    data = load_labelled_texts(name)
    assert [len(d) for d in (data.train, data.validation, data.test)] == [40, 3, 5]
    assert data.version == "1.2.3"
    assert data.settings == {"class_names": ("minus", "plus")}


@pytest.mark.parametrize(
    ("splits", "sizes"),
    [
        ({"train": rows(40), "test": rows(5)}, [38, 2, 5]),
        ({"train": rows(40), "validation": rows(3)}, [38, 2, 3]),
        ({"train": rows(40)}, [36, 2, 2]),
        (
            {
                "train": rows(40),
                "validation": rows(3),
                "test": [{"text": "hidden", "label": -1}],
            },
            [38, 2, 3],
        ),
    ],
    ids=["no validation", "no test", "train alone", "hidden labels"],
)
def test_missing_splits_are_held_out_and_disjoint(made, splits, sizes):
    data = load_labelled_texts(made({"text": TEXT, "label": SIGN}, **splits))
    parts = [data.train, data.validation, data.test]
    assert [len(part) for part in parts] == sizes
    assert data.test_split in ("test", "validation", "train[95%:100%]")
    assert (data.test_split == "test") == (sizes[2] == 5)
    if set(splits) == {"train"}:
        texts = [text for part in parts for text, _ in part.as_numpy_iterator()]
        assert len(set(texts)) == 40


def test_features_are_chosen_by_name(made):
    fine = tfds.features.ClassLabel(names=["a", "b", "c"])
    name = made(
        {"title": TEXT, "body": TEXT, "label-coarse": SIGN, "label-fine": fine},
        train=[
            {"title": "T", "body": "B", "label-coarse": 1, "label-fine": 2}
            for _ in range(40)
        ],
    )
    message = r"title \(Text\).*body \(Text\)"
    with pytest.raises(ValueError, match=message):
        load_labelled_texts(name)
    data = load_labelled_texts(name, text="body")
    assert next(data.train.as_numpy_iterator()) == (b"B", 1)
    data = load_labelled_texts(name, text="body", label="label-fine")
    assert next(data.train.as_numpy_iterator()) == (b"B", 2)
    assert data.settings["class_names"] == ("a", "b", "c")


@pytest.mark.parametrize("features", [{"text": TEXT}, {"image": TEXT, "n": tf.int64}])
def test_data_set_without_text_or_label_raises(made, features):
    row = {name: 1 if name == "n" else "x" for name in features}
    message = r"no label .*\(Text\)"
    with pytest.raises(ValueError, match=message):
        load_labelled_texts(made(features, train=[row] * 40))


def test_name_of_a_file_is_a_text_only_if_asked_for(made):
    features = {"audio/filename": TEXT, "label": SIGN}
    name = made(features, train=[{"audio/filename": "a.wav", "label": 1}] * 40)
    with pytest.raises(ValueError, match=r"no text .*audio/filename \(Text\)"):
        load_labelled_texts(name)
    with pytest.raises(ValueError, match="text 'speech'"):
        load_labelled_texts(name, text="speech")
    data = load_labelled_texts(name, text="audio/filename")
    assert next(data.train.as_numpy_iterator()) == (b"a.wav", 1)


def test_data_set_without_train_raises(made):
    with pytest.raises(ValueError, match=r"train.*test"):
        load_labelled_texts(made({"text": TEXT, "label": SIGN}, test=rows(4)))


@pytest.mark.parametrize(
    ("name", "sizes", "classes"),
    [
        pytest.param(
            "imdb_reviews", [23_750, 1250, 25_000], 2, marks=prepared("imdb_reviews")
        ),
        pytest.param("trec", [5179, 273, 500], 6, marks=prepared("trec")),
    ],
)
def test_real_data_have_the_known_sizes(name, sizes, classes):
    data = load_labelled_texts(name)
    assert [len(d) for d in (data.train, data.validation, data.test)] == sizes
    assert len(data.settings["class_names"]) == classes


ROWS = [(f"text {i}, or so", ("ham", "spam")[i % 2]) for i in range(40)]


def write(path, rows, columns=("text", "label")):
    """Writes rows in the format of the ending."""
    if path.suffix == ".jsonl":
        lines = [json.dumps(dict(zip(columns, row, strict=True))) for row in rows]
        path.write_text("\n".join(lines))
    else:
        with path.open("w", newline="") as file:
            delimiter = "," if path.suffix == ".csv" else "\t"
            csv.writer(file, delimiter=delimiter).writerows([columns, *rows])
    return path


def load(train, **options):
    """The splits of one file for training and testing."""
    return load_labelled_texts(train_file=train, test_file=train, **options)


def read(dataset):
    return [(t.decode(), n.decode()) for t, n in dataset.as_numpy_iterator()]


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl"])
def test_files_are_read_in_their_format(tmp_path, ending):
    train = write(tmp_path / f"train{ending}", ROWS)
    test = write(tmp_path / f"test{ending}", [("caf\u00e9", " spam ")])
    data = load_labelled_texts(train_file=train, test_file=test)
    assert read(data.validation) == ROWS[::20]
    assert read(data.train) == [row for i, row in enumerate(ROWS) if i % 20]
    assert read(data.test) == [("caf\u00e9", "spam")]
    assert (data.name, data.test_split) == (f"train{ending}", f"test{ending}")


def test_files_with_other_columns_and_for_validation(tmp_path):
    columns = ("id", "body", "verdict")
    rows = [(str(i), text, label) for i, (text, label) in enumerate(ROWS)]
    train = write(tmp_path / "train.csv", rows, columns)
    validation = write(tmp_path / "validation.csv", rows[:3], columns)
    names = {"text_column": "body", "label_column": "verdict"}
    data = load(train, validation_file=validation, **names)
    assert (len(data.train), read(data.validation)) == (40, ROWS[:3])


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl"])
def test_file_without_the_column_raises_with_the_columns(tmp_path, ending):
    path = write(tmp_path / f"train{ending}", ROWS, ("body", "label"))
    with pytest.raises(ValueError, match=rf"train{ending}.*'text'.*'body', 'label'"):
        load(path)


@pytest.mark.parametrize("label", ["", " "])
@pytest.mark.parametrize(("ending", "line"), [(".csv", 3), (".jsonl", 2)])
def test_file_with_an_empty_label_raises_with_the_line(tmp_path, ending, line, label):
    path = write(tmp_path / f"train{ending}", [ROWS[0], ("x", label), ROWS[1]])
    with pytest.raises(ValueError, match=rf"train{ending}, line {line}.*label"):
        load(path)


def test_file_with_one_label_only_raises(tmp_path):
    path = write(tmp_path / "train.csv", ROWS[::2])
    with pytest.raises(ValueError, match=r"train.csv.*'label'.*'ham'"):
        load(path)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("few.csv", "text,label\na,x\nb\n", 3),
        ("many.tsv", "text\tlabel\na\tx\ty\n", 2),
        ("broken.jsonl", '{"text": "a", "label": "x"}\n{"text"\n', 2),
        ("list.jsonl", '["a", "x"]\n', 1),
        ("null.jsonl", '{"text": "a", "label": "x"}\n{"text": "b"}\n', 2),
    ],
)
def test_file_with_a_broken_row_raises_with_the_line(tmp_path, name, text, line):
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=f"{name}, line {line}"):
        load(tmp_path / name)


def test_file_in_latin1_raises(tmp_path):
    path = tmp_path / "train.csv"
    path.write_bytes("text,label\ncaf\u00e9,x\n".encode("latin-1"))
    with pytest.raises(ValueError, match=r"train.csv.*UTF-8.*iconv"):
        load(path)


@pytest.mark.parametrize("text", ["", "text,label\n"])
def test_file_without_a_row_raises(tmp_path, text):
    (tmp_path / "train.csv").write_text(text)
    with pytest.raises(ValueError, match=r"train.csv.*row"):
        load(tmp_path / "train.csv")
