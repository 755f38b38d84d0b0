"""Data sets of texts and labels, by name."""

import dataclasses
import difflib
import socket
import urllib.parse
import urllib.request

import tensorflow as tf

from rnnzoo.datasets.embedded_reviews import embedded_reviews

EMBEDDED = "embedded"
_HELD_OUT = 5  # percent of `train`, for a split that is missing
_EXAMPLES = "glue/sst2, imdb_reviews, trec, yelp_polarity_reviews"


@dataclasses.dataclass(frozen=True)
class LabelledTexts:
    """Texts with labels, split.

    Args:
        name: name of the data set.
        version: its version.
        train: data set of `(text, label)`, scalar string and int64.
        validation: the same, to choose by.
        test: the same, to report on.
        class_names: the name of each label.
        test_split: the name of the split that `test` is.
        licence: that of the data, or where to look for it.
    """

    name: str
    version: str
    train: tf.data.Dataset
    validation: tf.data.Dataset
    test: tf.data.Dataset
    class_names: list[str]
    test_split: str = "test"
    licence: str = "not told"

    def take(self, count: int) -> "LabelledTexts":
        """The first `count` examples of each split, for a quick try."""
        return dataclasses.replace(
            self,
            train=self.train.take(count),
            validation=self.validation.take(count),
            test=self.test.take(count),
        )


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
            licence="Apache-2.0; synthetic, made by rnnzoo",
        )
    return _from_tfds(name, text, label)


def _dataset(examples: list[tuple[str, int]]) -> tf.data.Dataset:
    texts, labels = zip(*examples, strict=True)
    return tf.data.Dataset.from_tensor_slices(
        (list(texts), tf.constant(labels, tf.int64))
    )


def _from_tfds(name: str, text: str | None, label: str | None) -> LabelledTexts:
    builder = _builder(name)
    text, label = _text_and_label(name, builder.info.features, text, label)
    if not builder.is_prepared():
        _fetch(name, builder)

    def read(split):
        return builder.as_dataset(split=split).map(
            lambda example: (example[text], tf.cast(example[label], tf.int64))
        )

    if "train" not in builder.info.splits:
        raise ValueError(
            f"The data set {name!r} has no split `train`; it has "
            f"{', '.join(builder.info.splits)}."
        )
    given = [split for split in ("test", "validation") if split in builder.info.splits]
    given = [split for split in given if _is_labelled(read(split))]
    # What is missing is held out from the end of `train`.
    end, held_out = 100, []
    while len(given) + len(held_out) < 2:
        held_out.append(f"train[{end - _HELD_OUT}%:{end}%]")
        end -= _HELD_OUT
    test, validation = [*given, *held_out]
    return LabelledTexts(
        name,
        str(builder.version),
        train=read(f"train[:{end}%]"),
        validation=read(validation),
        test=read(test),
        class_names=builder.info.features[label].names,
        test_split=test,
        licence=_licence(builder.info),
    )


def _licence(info) -> str:
    stated = info.redistribution_info and info.redistribution_info.license
    return stated or f"not stated by tensorflow-datasets; see {info.homepage}"


def _builder(name: str):
    # Imported here: the embedded data need none of it.
    import tensorflow_datasets as tfds

    try:
        return tfds.builder(name)
    except tfds.core.DatasetNotFoundError:
        known = [EMBEDDED, *tfds.list_builders()]
        nearest = sorted(set(difflib.get_close_matches(name.lower(), known, n=3)))
        hint = f" Did you mean {' or '.join(map(repr, nearest))}?" if nearest else ""
        raise ValueError(
            f"There is no data set {name!r}.{hint} There is {EMBEDDED!r}, which needs "
            f"no network, and in tensorflow-datasets, among others: {_EXAMPLES}; "
            "`tfds.list_builders()` lists them all."
        ) from None
    except (AssertionError, ImportError, ValueError) as error:
        # A version or a variant that is not there, or no name at all.
        raise ValueError(
            f"tensorflow-datasets knows no data set {name!r}: {error}"
        ) from error


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


def _fetch(name: str, builder) -> None:
    # By which tensorflow-datasets downloads.
    import requests

    hosts = {_host(url) for url in builder.url_infos if url.startswith("http")}
    try:
        if hosts and not any(map(_is_reachable, hosts)):
            raise ConnectionError(f"cannot reach {sorted(hosts)}")
        builder.download_and_prepare()
    except (ConnectionError, TimeoutError, requests.RequestException) as error:
        where = " or ".join(sorted(host for host, _ in hosts)) or "its source"
        raise ConnectionError(
            f"The data set {name!r} is not prepared on this machine and could not be "
            f"fetched from {where}: no network. Prepare it where there is one (tfds "
            f"build {name}), copy the folder tensorflow_datasets and set TFDS_DATA_DIR "
            "to it; or use 'embedded', which needs nothing."
        ) from error


def _host(url: str) -> tuple[str, int]:
    parts = urllib.parse.urlsplit(url)
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def _is_reachable(address: tuple[str, int]) -> bool:
    # Without this, tensorflow-datasets retries for minutes. A proxy answers for itself.
    if urllib.request.getproxies():
        return True
    try:
        socket.create_connection(address, timeout=10).close()
    except OSError:
        return False
    return True
