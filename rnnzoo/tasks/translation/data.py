"""Data sets of texts with their translations, by name or from files."""

import dataclasses
from pathlib import Path

import tensorflow as tf

from rnnzoo.data.parallel_lines import side_by_side
from rnnzoo.data.splits import EMBEDDED, OWN_LICENCE, Splits, hold_out
from rnnzoo.data.synthetic.dates import embedded_dates
from rnnzoo.data.tfds import fetch, find_builder, read_splits

_EXAMPLES = "multi30k, tatoeba_en_fr, ted_hrlr_translate/pt_to_en"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Translations(Splits):
    """Texts with their translations: examples are pairs of scalar strings.

    Args:
        source: what is translated, such as the language's code.
        target: what it is translated to.
    """

    source: str
    target: str


def load_translations(
    name: str = EMBEDDED, source: str | None = None, target: str | None = None
) -> Translations:
    """Loads a data set of texts with their translations.

    Args:
        name: `embedded`, dates in many ways of writing, which needs no network;
            `multi30k` or `tatoeba_en_fr`, which have builders here; or a name in
            tensorflow-datasets whose examples are texts in several languages. For a
            split that is missing, 5 % of `train` are held out.
        source: the language to translate from, one of the examples' features; by
            default what the data set says.
        target: the language to translate to.

    Raises:
        ValueError: if there is no such data set, or it has no such languages.
        ConnectionError: if it has to be fetched and there is no network.

    >>> data = load_translations()
    >>> data.source, data.target
    ('text', 'dates')
    """
    if name == EMBEDDED:
        return _embedded(name, source, target)
    builder = find_builder(name, _EXAMPLES)
    by_language = _by_language(builder.info)
    source, target = _languages(name, builder.info, by_language, source, target)
    fetch(name, builder)

    def read(example):
        return example[source], example[target]

    def read_those_there_are(example):
        found = example[by_language]
        return _text_in(found, source), _text_in(found, target)

    how = read if by_language is None else read_those_there_are
    data = Translations(
        **read_splits(name, builder, how, builder.info.splits),
        source=source,
        target=target,
    )
    return data if by_language is None else data.apply(_translated)


def load_translation_files(
    train: tuple[str | Path, str | Path],
    test: tuple[str | Path, str | Path],
    validation: tuple[str | Path, str | Path] | None = None,
) -> Translations:
    """Loads pairs of files with a text a line, the source and its translation.

    Args:
        train: the two files to learn from.
        test: the two files to report on.
        validation: the two files to choose by; by default every twentieth pair of
            `train`, which is then not learned from.

    Raises:
        ValueError: if these are not two files each, or one of two has more lines than
            the other, no text, or is not in UTF-8; tells which, and where.
    """
    for name, files in (("train", train), ("test", test), ("validation", validation)):
        if files is not None and (isinstance(files, str) or len(files) != 2):
            raise ValueError(
                f"`{name}` must be two files, one of texts and one of their "
                f"translations; got {files!r}."
            )
    learned = _read_pairs(*train)
    if validation is None:
        learned, chosen = hold_out(learned)
    else:
        chosen = _read_pairs(*validation)
    return Translations(
        "files",
        "of the user",
        train=_pairs(learned),
        validation=_pairs(chosen),
        test=_pairs(_read_pairs(*test)),
        test_split=Path(test[0]).name,
        source=Path(train[0]).name,
        target=Path(train[1]).name,
    )


def _embedded(name, source, target):
    if source not in (None, "text") or target not in (None, "dates"):
        raise ValueError(
            f"The data set {name!r} is of texts and dates, from source='text' to "
            f"target='dates'; got source={source!r} and target={target!r}."
        )
    # Each text once, so that none of `test` stands in `train`.
    pairs = list(dict(embedded_dates(12_000, seed=1)).items())
    return Translations(
        name,
        version="1.0.0",
        train=_pairs(pairs[:9000]),
        validation=_pairs(pairs[9000:9500]),
        test=_pairs(pairs[9500:11_000]),
        licence=OWN_LICENCE,
        source="text",
        target="dates",
    )


def _by_language(info):
    """The feature that has texts in those languages there are, or None."""
    import tensorflow_datasets as tfds

    kind = tfds.features.TranslationVariableLanguages
    features = info.features.items()
    return next((key for key, each in features if isinstance(each, kind)), None)


def _text_in(found, language):
    """The text in a language; "" where there is none."""
    texts = tf.boolean_mask(found["translation"], found["language"] == language)
    return tf.strings.reduce_join(texts[:1])


def _translated(dataset):
    """The pairs without those of which a text is missing, counted."""
    dataset = dataset.filter(lambda source, target: (source != "") & (target != ""))
    count = dataset.reduce(tf.constant(0, tf.int64), lambda count, *_: count + 1)
    return dataset.apply(tf.data.experimental.assert_cardinality(count))


def _languages(name, info, by_language, source, target):
    """The two languages to read, as asked for or as the data set says."""
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
    if not {source, target} - {None} <= set(usual):  # Which other one, nobody said.
        usual = []
    source = source or next((key for key in usual if key != target), None)
    target = target or next((key for key in usual if key != source), None)
    if source == target or not {source, target} <= set(texts):
        raise ValueError(
            f"The data set {name!r} has texts in {texts}; a source and a target of "
            f"these must be named, got source={source!r} and target={target!r}."
        )
    return source, target


def _read_pairs(source, target):
    columns = []
    for path in (source, target):
        try:
            # A carriage return alone ends no line, as it would in `read_text`.
            text = Path(path).read_bytes().decode("utf-8-sig").removesuffix("\n")
        except UnicodeDecodeError as error:
            raise ValueError(f"{path} must be a text in UTF-8: {error}.") from None
        columns.append([line.strip() for line in text.split("\n")])
        if not any(columns[-1]):
            raise ValueError(f"{path}: there is no text in the file.")
    return side_by_side((source, target), columns)


def _pairs(pairs):
    columns = zip(*pairs, strict=True)
    return tf.data.Dataset.from_tensor_slices(tuple(map(list, columns)))
