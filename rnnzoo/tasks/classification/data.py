"""Labelled texts: the synthetic set, tensorflow-datasets, and the user's own files."""

from pathlib import Path

import tensorflow as tf

from rnnzoo.data.splits import (
    EMBEDDED,
    OWN_LICENCE,
    Splits,
    check_file_options,
    splits_of_files,
)
from rnnzoo.data.synthetic.reviews import synthetic_reviews
from rnnzoo.data.tables import column_names, read_columns_of_table
from rnnzoo.data.tfds import fetch, find_builder, read_splits

SYNTHETIC = "reviews"
_EXAMPLES = "glue/sst2, imdb_reviews, trec, yelp_polarity_reviews"


def load_labelled_texts(
    name: str = EMBEDDED,
    *,
    text: str | None = None,
    label: str | None = None,
    train_file: str | None = None,
    validation_file: str | None = None,
    test_file: str | None = None,
    text_column: str | None = None,
    label_column: str | None = None,
) -> Splits:
    """Loads texts with labels.

    Args:
        name: "reviews", or "embedded", a synthetic data set that needs no network; or a
            name in tensorflow-datasets whose examples have a text and a label. Where
            the labels of the test split are not public, the validation split is the
            test. For a missing split, 5 % of the training split are held out.
        text: Name of the text among the features of a data set that has several.
        label: Name of the label among the features; by default "label", or the first
            that begins so.
        train_file: File of your own to train on, instead of a data set: CSV (".csv")
            or TSV (".tsv") with named columns, or JSON lines (".jsonl").
        validation_file: File to choose by; by default every twentieth row of the
            training file.
        test_file: File to report on; needed with the training file.
        text_column: Name of the column of the texts; by default "text".
        label_column: Name of the column of the labels; by default "label".

    Returns:
        Splits of `(text, label)`: string scalars, and int64 scalars or, from files,
        string scalars.

    Raises:
        ValueError: If there is no such data set, it has no text or no label, or a file
            has a row without them; names the file and the line.
        ConnectionError: If the data set has to be fetched and there is no network.
    """
    files = {"train_file": train_file, "test_file": test_file}
    of_files = {
        "validation_file": validation_file,
        "text_column": text_column,
        "label_column": label_column,
    }
    if check_file_options(name, files, of_files, {"text": text, "label": label}):
        columns = text_column or "text", label_column or "label"
        return _from_files(train_file, validation_file, test_file, columns)
    if name in (EMBEDDED, SYNTHETIC):
        return _synthetic()
    return _from_tfds(name, text, label)


def _synthetic() -> Splits:
    # Each text once, so that none of `test` is in `train`.
    texts = dict(zip(*synthetic_reviews(8000, seed=1), strict=True))
    examples = list(texts.items())
    return Splits(
        name=SYNTHETIC,
        version="1.0.0",
        train=_dataset(examples[:4000]),
        validation=_dataset(examples[4000:4500]),
        test=_dataset(examples[4500:6500]),
        settings={"class_names": ("negative", "positive")},
        licence=OWN_LICENCE,
    )


def _dataset(examples) -> tf.data.Dataset:
    texts, labels = zip(*examples, strict=True)
    dtype = tf.string if isinstance(labels[0], str) else tf.int64
    return tf.data.Dataset.from_tensor_slices((list(texts), tf.constant(labels, dtype)))


def _from_files(train_file, validation_file, test_file, columns) -> Splits:
    train = _read_file(train_file, columns)
    labels = {label for _, label in train}
    if len(labels) < 2:
        raise ValueError(
            f"{train_file}: expected at least two different labels in the column "
            f"{columns[1]!r}, got only {labels.pop()!r}."
        )
    return splits_of_files(
        train,
        lambda path: _read_file(path, columns),
        _dataset,
        validation=validation_file,
        test=test_file,
        name=Path(train_file).name,
        test_split=Path(test_file).name,
    )


def _read_file(path, columns) -> list[tuple[str, str]]:
    missing = [name for name in columns if name not in (there := column_names(path))]
    if missing:
        raise ValueError(
            f"{path}: no column {missing[0]!r}. The columns are "
            f"{', '.join(map(repr, there))}; name those of the texts and of the labels "
            "by `text_column` and `label_column`."
        )
    examples = []
    for line, (text, label) in read_columns_of_table(path, *columns):
        label = label.strip()
        if not label:
            raise ValueError(f"{path}, line {line}: the label is empty.")
        examples.append((text, label))
    return examples


def _from_tfds(name: str, text: str | None, label: str | None) -> Splits:
    builder = find_builder(name, _EXAMPLES)
    text, label = _text_and_label(name, builder.info.features, text, label)
    fetch(name, builder)

    def read(example):
        return example[text], tf.cast(example[label], tf.int64)

    given = [
        split
        for split in builder.info.splits
        if split == "train" or _is_labelled(builder.as_dataset(split=split).map(read))
    ]
    return Splits(
        **read_splits(name, builder, read, given),
        settings={"class_names": tuple(builder.info.features[label].names)},
    )


def _text_and_label(name: str, features, text, label) -> tuple[str, str]:
    """The names of the text and of the label among a data set's features."""
    import tensorflow_datasets as tfds

    texts = [k for k, f in features.items() if isinstance(f, tfds.features.Text)]
    labels = [k for k, f in features.items() if isinstance(f, tfds.features.ClassLabel)]
    labels.sort(key=lambda k: (not k.startswith("label"), k))
    # What belongs to something else, as "audio/filename" does, is no text to read.
    likely = [k for k in texts if "/" not in k]
    text = text or (likely[0] if len(likely) == 1 else None)
    label = label or (labels[0] if labels else None)
    if text in texts and label in labels:
        return text, label
    missing = [
        f"no {kind} {wanted!r}"
        if wanted
        else f"{'no' if not found else 'more than one'} {kind}"
        for kind, wanted, found in [
            ("text", text, texts if text else likely),
            ("label", label, labels),
        ]
        if wanted not in found
    ]
    found = ", ".join(f"{k} ({type(f).__name__})" for k, f in features.items())
    raise ValueError(
        f"From the data set {name!r} one text (Text) and one label (ClassLabel) are "
        f"needed; {' and '.join(missing)} was found, and its features are {found}. "
        "Name them with `text` and `label` if they are there; otherwise try "
        f"{SYNTHETIC!r}, or one of: {_EXAMPLES}."
    )


def _is_labelled(dataset: tf.data.Dataset) -> bool:
    """Whether the labels are public; tensorflow-datasets writes -1 where not."""
    return all(label >= 0 for _, label in dataset.take(1).as_numpy_iterator())
