"""Data sets of texts and labels, by name."""

import dataclasses

import tensorflow as tf

from rnnzoo.data.splits import EMBEDDED, OWN_LICENCE, Splits
from rnnzoo.data.synthetic.reviews import embedded_reviews
from rnnzoo.data.tfds import fetch, find_builder, read_splits

_EXAMPLES = "glue/sst2, imdb_reviews, trec, yelp_polarity_reviews"


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelledTexts(Splits):
    """Texts with labels: examples are `(text, label)`, scalar string and int64.

    Args:
        class_names: the name of each label.
        **kwargs: see `Splits`.
    """

    class_names: list[str]


def load_labelled_texts(
    name: str = EMBEDDED, text: str | None = None, label: str | None = None
) -> LabelledTexts:
    """Loads a data set of texts and labels.

    Args:
        name: `embedded`, which needs no network, or a name in tensorflow-datasets
            whose examples have a text and a label. Where the labels of `test`
            are not public, `validation` is the test; for a split that is missing,
            5 % of `train` are held out.
        text: name of the text among the examples' features; needed where there
            are several.
        label: name of the label; by default "label", or the first that begins so.

    Raises:
        ValueError: if there is no such data set, or it has no text or no label.
        ConnectionError: if it has to be fetched and there is no network.
    """
    if name == EMBEDDED:
        # Each text once, so that none of `test` stands in `train`.
        examples = list(dict(zip(*embedded_reviews(8000, seed=1), strict=True)).items())
        return LabelledTexts(
            name,
            version="1.0.0",
            train=_dataset(examples[:4000]),
            validation=_dataset(examples[4000:4500]),
            test=_dataset(examples[4500:6500]),
            class_names=["negative", "positive"],
            licence=OWN_LICENCE,
        )
    return _from_tfds(name, text, label)


def _dataset(examples: list[tuple[str, int]]) -> tf.data.Dataset:
    texts, labels = zip(*examples, strict=True)
    return tf.data.Dataset.from_tensor_slices(
        (list(texts), tf.constant(labels, tf.int64))
    )


def _from_tfds(name: str, text: str | None, label: str | None) -> LabelledTexts:
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
    return LabelledTexts(
        **read_splits(name, builder, read, given),
        class_names=builder.info.features[label].names,
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
        f"{EMBEDDED!r}, or one of: {_EXAMPLES}."
    )


def _is_labelled(dataset: tf.data.Dataset) -> bool:
    """Whether the labels are public; tensorflow-datasets writes -1 where not."""
    return all(label >= 0 for _, label in dataset.take(1).as_numpy_iterator())
