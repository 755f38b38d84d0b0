"""Pairs of texts: the synthetic set, tensorflow-datasets, and the user's own files."""

from pathlib import Path

import tensorflow as tf

from rnnzoo.data.parallel_lines import side_by_side
from rnnzoo.data.splits import (
    EMBEDDED,
    OWN_LICENCE,
    Splits,
    check_file_options,
    splits_of_files,
)
from rnnzoo.data.synthetic.dates import synthetic_dates
from rnnzoo.data.tfds import fetch, find_builder, read_splits

SYNTHETIC = "dates"
_EXAMPLES = "multi30k, tatoeba_en_fr, ted_hrlr_translate/pt_to_en"


def load_translations(
    name: str = EMBEDDED,
    *,
    source: str | None = None,
    target: str | None = None,
    train_files: tuple[str, str] | None = None,
    validation_files: tuple[str, str] | None = None,
    test_files: tuple[str, str] | None = None,
) -> Splits:
    """Loads texts with their translations.

    Args:
        name: "dates", or "embedded", a synthetic data set that needs no network, of
            dates as people write them and in ISO 8601; "multi30k" or "tatoeba_en_fr",
            which have builders here; or a name in tensorflow-datasets whose examples
            are texts in several languages. For a missing split, 5 % of the training
            split are held out.
        source: Language to translate from, one of the examples' features; by default
            what the data set says.
        target: Language to translate to.
        train_files: Two files of your own to train on, instead of a data set: sources
            and translations, a text in each line.
        validation_files: Two files to choose by; by default every twentieth pair of the
            training files.
        test_files: Two files to report on; needed with the training files.

    Returns:
        Splits of `(text, translation)`, two string scalars. `variant` is "en-de" for
        English to German.

    Raises:
        ValueError: If there is no such data set, it has no such languages, or of two
            files one has more lines, no text, or is not UTF-8; names the file.
        ConnectionError: If the data set has to be fetched and there is no network.

    >>> load_translations("dates").variant
    'text-dates'
    """
    files = {"train_files": train_files, "test_files": test_files}
    of_files = {"validation_files": validation_files}
    languages = {"source": source, "target": target}
    if check_file_options(name, files, of_files, languages):
        return _from_files(train_files, validation_files, test_files)
    if name in (EMBEDDED, SYNTHETIC):
        return _synthetic(source, target)
    builder = find_builder(name, _EXAMPLES)
    by_language = _by_language(builder.info)
    source, target = _languages(name, builder.info, by_language, source, target)
    fetch(name, builder)

    def read(example):
        return example[source], example[target]

    def read_those_there_are(example):
        texts = example[by_language]
        return _text_in(texts, source), _text_in(texts, target)

    reader = read if by_language is None else read_those_there_are
    data = Splits(
        **read_splits(name, builder, reader, builder.info.splits),
        variant=f"{source}-{target}",
    )
    return data if by_language is None else data.apply(_translated)


def _from_files(train_files, validation_files, test_files) -> Splits:
    given = {
        "train_files": train_files,
        "test_files": test_files,
        "validation_files": validation_files,
    }
    for name, files in given.items():
        if files is not None and (isinstance(files, str) or len(files) != 2):
            raise ValueError(
                f"`{name}` must be two files, one of texts and one of their "
                f"translations; got {files!r}."
            )
    source, target = (Path(path).name for path in train_files)
    return splits_of_files(
        _read_pairs(train_files),
        _read_pairs,
        _pairs,
        validation=validation_files,
        test=test_files,
        name="files",
        test_split=Path(test_files[0]).name,
        variant=f"{source}-{target}",
    )


def _synthetic(source, target) -> Splits:
    if source not in (None, "text") or target not in (None, "dates"):
        raise ValueError(
            f"The data set {SYNTHETIC!r} is of texts and dates, from source='text' to "
            f"target='dates'; got source={source!r} and target={target!r}."
        )
    # Each text once, so that none of `test` is in `train`.
    pairs = list(dict(synthetic_dates(12_000, seed=1)).items())
    return Splits(
        name=SYNTHETIC,
        version="1.0.0",
        train=_pairs(pairs[:9000]),
        validation=_pairs(pairs[9000:9500]),
        test=_pairs(pairs[9500:11_000]),
        licence=OWN_LICENCE,
        variant="text-dates",
        settings={"figure": "exact_match"},
    )


def _by_language(info):
    """Returns the feature with texts in some languages of each example, or None."""
    import tensorflow_datasets as tfds

    kind = tfds.features.TranslationVariableLanguages
    features = info.features.items()
    return next((key for key, each in features if isinstance(each, kind)), None)


def _text_in(found, language):
    """Returns the text in a language, "" where there is none."""
    texts = tf.boolean_mask(found["translation"], found["language"] == language)
    return tf.strings.reduce_join(texts[:1])


def _translated(dataset):
    """Returns the pairs of which no text is missing, counted."""
    dataset = dataset.filter(lambda source, target: (source != "") & (target != ""))
    count = dataset.reduce(tf.constant(0, tf.int64), lambda count, *_: count + 1)
    return dataset.apply(tf.data.experimental.assert_cardinality(count))


def _languages(name, info, by_language, source, target):
    """Returns the two languages, as asked for or as the data set says."""
    import tensorflow_datasets as tfds

    texts = [
        key
        for key, feature in info.features.items()
        if isinstance(feature, tfds.features.Text)
    ]
    if by_language is not None:
        texts = sorted(info.features[by_language].languages or ())
    if len(texts) < 2:
        raise ValueError(
            f"The data set {name!r} has no pairs of texts that could be read: two of "
            "its features must be texts, one for each language; it has "
            f"{', '.join(info.features)}."
        )
    usual = [key for key in info.supervised_keys or () if key in texts]
    if len(texts) == 2:
        usual = [*usual, *texts]
    # A language outside the usual pair leaves the other one open.
    if not {source, target} - {None} <= set(usual):
        usual = []
    source = source or next((key for key in usual if key != target), None)
    target = target or next((key for key in usual if key != source), None)
    if source == target or not {source, target} <= set(texts):
        raise ValueError(
            f"The data set {name!r} has texts in {texts}; a source and a target of "
            f"these must be named, got source={source!r} and target={target!r}."
        )
    return source, target


def _read_pairs(files):
    columns = []
    for path in files:
        try:
            # A carriage return alone ends no line, as it would in `read_text`.
            text = Path(path).read_bytes().decode("utf-8-sig").removesuffix("\n")
        except UnicodeDecodeError as error:
            raise ValueError(f"{path} must be a text in UTF-8: {error}.") from None
        columns.append([line.strip() for line in text.split("\n")])
        if not any(columns[-1]):
            raise ValueError(f"{path}: there is no text in the file.")
    return side_by_side(files, columns)


def _pairs(pairs):
    columns = zip(*pairs, strict=True)
    return tf.data.Dataset.from_tensor_slices(tuple(map(list, columns)))
