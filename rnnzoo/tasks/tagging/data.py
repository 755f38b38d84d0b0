"""Data sets of sentences whose words have tags, by name or from files."""

import dataclasses
from pathlib import Path

import tensorflow as tf

from rnnzoo.data.column_files import read_columns
from rnnzoo.data.splits import EMBEDDED, OWN_LICENCE, Splits, hold_out
from rnnzoo.data.synthetic.names import embedded_names
from rnnzoo.data.tfds import fetch, find_builder, read_splits
from rnnzoo.tasks.tagging.sentences import Sentence, sentence_dataset

_EXAMPLES = "universal_dependencies/en_ewt, conll2003, atis, snips, wikiann_en"
# In Universal Dependencies, of a word ("don't") whose parts come next, and of one that
# was left out: it has no place in the tree.
_RELATION, _NONE = "deprel", "_"
# Which feature is the tag where there are several; names before parts of speech.
_TAGS = ("tags", "ner", "ner_tags", "upos", "pos")


@dataclasses.dataclass(frozen=True)
class TaggedTexts(Splits):
    """Tagged sentences: examples are `(tokens, tags)`, string vectors of one length.

    Where sentences have a label, it is a third, a scalar string.
    """


def load_tagged_texts(name: str = EMBEDDED, tags: str | None = None) -> TaggedTexts:
    """Loads a data set of tagged sentences.

    Args:
        name: `embedded`, which needs no network; `atis`, `snips` or `wikiann_en`, which
            have builders here; or a name in tensorflow-datasets whose examples have
            `tokens` and tags for them. For a split that is missing, 5 % of `train` are
            held out.
        tags: name of the tags among the examples' features; by default the first of
            `tags`, `ner`, `ner_tags`, `upos`, `pos` that is there.

    Raises:
        ValueError: if there is no such data set, or it has no such tags, or one kind.
        ConnectionError: if it has to be fetched and there is no network.
    """
    if name == EMBEDDED:
        if tags is not None:
            raise ValueError(
                "`tags` chooses where a data set has several kinds of them; the "
                f"embedded one has one kind: leave it out, got {tags!r}."
            )
        # Each sentence once, so that none of `test` stands in `train`.
        sentences = {
            " ".join(words): Sentence(words, tags)
            for words, tags in embedded_names(6000, seed=1)
        }
        examples = list(sentences.values())
        return TaggedTexts(
            name,
            version="1.1.0",
            train=sentence_dataset(examples[:3000]),
            validation=sentence_dataset(examples[3000:3500]),
            test=sentence_dataset(examples[3500:5000]),
            licence=OWN_LICENCE,
        )
    builder = find_builder(name, _EXAMPLES)
    features = builder.info.features
    read = _reader(name, features, tags)
    fetch(name, builder)
    return TaggedTexts(**read_splits(name, builder, read, builder.info.splits))


def load_tagged_files(
    train: str | Path,
    test: str | Path,
    validation: str | Path | None = None,
    tag_column: int = -1,
    token_column: int = 0,
) -> TaggedTexts:
    """Loads files with a word a line, in columns, see `read_columns`.

    Args:
        train: the file to learn from.
        test: the file to report on.
        validation: the file to choose by; by default every twentieth sentence of
            `train`, which is then not learned from.
        tag_column: which column has the tag, from 0; from the end if negative.
        token_column: which has the word.

    Raises:
        ValueError: if a file has no sentence, or a line too few columns; tells where.
    """

    def read(path):
        columns = read_columns(path, token_column, tag_column)
        sentences = [Sentence(*pair) for pair in columns]
        if not sentences:
            raise ValueError(f"{path}: there is no sentence in the file.")
        return sentences

    learned = read(train)
    if validation is None:
        learned, chosen = hold_out(learned)
    else:
        chosen = read(validation)
    return TaggedTexts(
        Path(train).name,
        "of the user",
        train=sentence_dataset(learned),
        validation=sentence_dataset(chosen),
        test=sentence_dataset(read(test)),
        test_split=Path(test).name,
    )


def _reader(name, features, tags):
    """From a data set's examples to `(tokens, tags)`, or with the intent behind."""
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
            f"`tags` if they are there; otherwise try {EMBEDDED!r}, or one of: "
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
    """Texts as they are, and numbers of classes to their names."""
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
