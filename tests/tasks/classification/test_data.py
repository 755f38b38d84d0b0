"""Data sets by name."""

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


def test_embedded():
    data = load_labelled_texts()
    assert (data.name, data.class_names) == ("embedded", ["negative", "positive"])
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


def test_take():
    data = load_labelled_texts().take(3)
    assert [len(d) for d in (data.train, data.validation, data.test)] == [3, 3, 3]


def test_all_splits_given(made):
    name = made(
        {"text": TEXT, "label": SIGN},
        train=rows(40), validation=rows(3), test=rows(5),
    )  # fmt: skip
    data = load_labelled_texts(name)
    assert [len(d) for d in (data.train, data.validation, data.test)] == [40, 3, 5]
    assert (data.version, data.class_names) == ("1.2.3", ["minus", "plus"])


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


def test_features_by_name(made):
    fine = tfds.features.ClassLabel(names=["a", "b", "c"])
    name = made(
        {"title": TEXT, "body": TEXT, "label-coarse": SIGN, "label-fine": fine},
        train=[
            {"title": "T", "body": "B", "label-coarse": 1, "label-fine": 2}
            for _ in range(40)
        ],
    )
    message = r"more than one text was found, .*its features are .*body \(Text\)"
    with pytest.raises(ValueError, match=message):
        load_labelled_texts(name)
    data = load_labelled_texts(name, text="body")
    assert next(data.train.as_numpy_iterator()) == (b"B", 1)
    data = load_labelled_texts(name, text="body", label="label-fine")
    assert next(data.train.as_numpy_iterator()) == (b"B", 2)
    assert data.class_names == ["a", "b", "c"]


@pytest.mark.parametrize("features", [{"text": TEXT}, {"image": TEXT, "n": tf.int64}])
def test_no_text_or_no_label(made, features):
    row = {name: 1 if name == "n" else "x" for name in features}
    message = r"one text \(Text\) and one label \(ClassLabel\) are needed; no label"
    with pytest.raises(ValueError, match=message):
        load_labelled_texts(made(features, train=[row] * 40))


def test_the_name_of_a_file_is_no_text_to_read(made):
    features = {"audio/filename": TEXT, "label": SIGN}
    name = made(features, train=[{"audio/filename": "a.wav", "label": 1}] * 40)
    with pytest.raises(ValueError, match="needed; no text was found"):
        load_labelled_texts(name)
    with pytest.raises(ValueError, match="needed; no text 'speech' was found"):
        load_labelled_texts(name, text="speech")
    data = load_labelled_texts(name, text="audio/filename")
    assert next(data.train.as_numpy_iterator()) == (b"a.wav", 1)


def test_no_train(made):
    with pytest.raises(ValueError, match="has no split `train`; it has test"):
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
def test_real_data(name, sizes, classes):
    data = load_labelled_texts(name)
    assert [len(d) for d in (data.train, data.validation, data.test)] == sizes
    assert len(data.class_names) == classes
