"""Tagged sentences: synthetic, of tensorflow-datasets, and the user's own files."""

from pathlib import Path

import tensorflow as tf

from rnnzoo.data.column_files import read_columns
from rnnzoo.data.splits import (
    EMBEDDED,
    OWN_LICENCE,
    Splits,
    check_file_options,
    splits_of_files,
)
from rnnzoo.data.synthetic.names import synthetic_names
from rnnzoo.data.tfds import fetch, find_builder, read_splits
from rnnzoo.tasks.tagging.sentences import Sentence, sentence_dataset

SYNTHETIC = "names"
_EXAMPLES = "universal_dependencies/en_ewt, conll2003, atis, snips, wikiann_en"
# In Universal Dependencies, the relation of a word ("don't") whose parts come next, or
# of an omitted one: it has no place in the tree.
_RELATION, _NONE = "deprel", "_"
# Which feature is the tag where there are several; names before parts of speech.
_TAGS = ("tags", "ner", "ner_tags", "upos", "pos")


def load_tagged_texts(
    name: str = EMBEDDED,
    *,
    tags: str | None = None,
    train_file: str | None = None,
    validation_file: str | None = None,
    test_file: str | None = None,
    column: int | None = None,
    token_column: int | None = None,
) -> Splits:
    """Loads tagged sentences.

    Args:
        name: "names", or "embedded", a synthetic data set that needs no network;
            "atis", "snips" or "wikiann_en", which have builders here; or a name in
            tensorflow-datasets whose examples have tokens and tags for them. For a
            missing split, 5 % of the training split are held out.
        tags: Name of the tags among the features of a data set that has several; by
            default the first of tags, ner, ner_tags, upos and pos that is there.
        train_file: File of your own to train on, instead of a data set: a word in each
            line, in columns, and a blank line after a sentence.
        validation_file: File to choose by; by default every twentieth sentence of the
            training file.
        test_file: File to report on; needed with the training file.
        column: Column of the tag, from 0; by default the last.
        token_column: Column of the word, by default 0.

    Returns:
        Splits of `(tokens, tags)`, string vectors of one length, or `(tokens, tags,
        intent)` where sentences have a label, a string scalar.

    Raises:
        ValueError: If there is no such data set, it has no such tags, or a file has no
            sentence or a line with too few columns; names the file and the line.
        ConnectionError: If the data set has to be fetched and there is no network.
    """
    files = {"train_file": train_file, "test_file": test_file}
    of_files = {
        "validation_file": validation_file,
        "column": column,
        "token_column": token_column,
    }
    if check_file_options(name, files, of_files, {"tags": tags}):
        columns = token_column or 0, -1 if column is None else column
        return _from_files(train_file, validation_file, test_file, columns)
    if name in (EMBEDDED, SYNTHETIC):
        return _synthetic(tags)
    builder = find_builder(name, _EXAMPLES)
    read = _reader(name, builder.info.features, tags)
    fetch(name, builder)
    return Splits(**read_splits(name, builder, read, builder.info.splits))


def _synthetic(tags) -> Splits:
    if tags is not None:
        raise ValueError(
            f"`tags` chooses among several kinds of tags; {SYNTHETIC!r} has one kind: "
            f"leave it out, got {tags!r}."
        )
    # Each sentence once, so that none of `test` is in `train`.
    sentences = {
        " ".join(words): Sentence(words, tags)
        for words, tags in synthetic_names(6000, seed=1)
    }
    examples = list(sentences.values())
    return Splits(
        name=SYNTHETIC,
        version="1.1.0",
        train=sentence_dataset(examples[:3000]),
        validation=sentence_dataset(examples[3000:3500]),
        test=sentence_dataset(examples[3500:5000]),
        licence=OWN_LICENCE,
    )


def _from_files(train_file, validation_file, test_file, columns) -> Splits:
    def read(path):
        sentences = [Sentence(*pair) for pair in read_columns(path, *columns)]
        if not sentences:
            raise ValueError(f"{path}: there is no sentence in the file.")
        return sentences

    return splits_of_files(
        read(train_file),
        read,
        sentence_dataset,
        validation=validation_file,
        test=test_file,
        name=Path(train_file).name,
        test_split=Path(test_file).name,
    )


def _reader(name, features, tags):
    """Returns a function from tfds examples to `(tokens, tags)`, or with the intent."""
    import tensorflow_datasets as tfds

    sequences = {
        key: feature.feature
        for key, feature in features.items()
        if isinstance(feature, tfds.features.Sequence)
    }
    found = tags or next((key for key in _TAGS if key in sequences), None)
    if "tokens" not in sequences or found not in sequences:
        raise ValueError(
            f"From the data set {name!r} the words of sentences (`tokens`) and a tag "
            f"for each of them (`{tags or ', '.join(_TAGS)}`) are needed, both "
            f"sequences; its features are {', '.join(features)}. Name the tags with "
            f"`tags` if they are there; otherwise try {SYNTHETIC!r}, or one of: "
            f"{_EXAMPLES}."
        )
    named = _namer(name, found, sequences[found])
    named_intent = "intent" in features and _namer(name, "intent", features["intent"])

    def read(example):
        parts = tokens, tags = example["tokens"], named(example[found])
        if _RELATION in sequences:
            words = example[_RELATION] != _NONE
            parts = tokens[words], tags[words]
        return (*parts, named_intent(example["intent"])) if named_intent else parts

    return read


def _namer(name, key, feature):
    """Returns a function from a feature to texts, of classes to their names."""
    import tensorflow_datasets as tfds

    if isinstance(feature, tfds.features.ClassLabel):
        names = tf.constant(feature.names)
        return lambda numbers: tf.gather(names, numbers)
    if feature.tf_dtype != tf.string:
        raise ValueError(
            f"The feature {key!r} of the data set {name!r} must be texts or classes "
            f"with names, and is {feature!r}."
        )
    return lambda texts: texts
