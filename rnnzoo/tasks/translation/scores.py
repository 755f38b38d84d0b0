"""The metrics of a translator, and how they are computed."""

from collections.abc import Mapping, Sequence

import tensorflow as tf

from rnnzoo.metrics.texts import bleu, chrf, exact_match, tokenized_bleu

# Examples that are printed after every epoch, and whose attention is drawn.
SHOWN = 3
_PUBLISHED = "tokenized_bleu", "greedy_tokenized_bleu", "tokenized_signature"


def text_scores(
    outputs: Sequence[str], references: Sequence[str], lowercase: bool = False
) -> dict[str, float | str]:
    """Returns the scores of translations.

    Args:
        outputs: The translations.
        references: The reference of each.
        lowercase: Whether upper and lower case are the same.

    Returns:
        `bleu` and `chrf`, in percent; `exact_match`, from 0 to 1; and sacreBLEU's
        `signature` and `chrf_signature` of the first two.

    >>> text_scores(["The dog runs home."], ["The dog runs home."])["bleu"]
    100.0
    """
    words = bleu(outputs, references, lowercase=lowercase)
    letters = chrf(outputs, references, lowercase=lowercase)
    return {
        "bleu": round(words.value, 2),
        "chrf": round(letters.value, 2),
        "exact_match": round(exact_match(outputs, references, lowercase), 4),
        "signature": words.signature,
        "chrf_signature": letters.signature,
    }


def measure_translations(
    answers: Mapping[str, Sequence[str]],
    references: Sequence[str],
    first: str,
    lowercase: bool,
) -> dict[str, float]:
    """Returns the metrics of translations, the headline metric first.

    Args:
        answers: Translations by "beam" and by "greedy" search.
        references: The reference of each.
        first: The headline metric, "bleu" or "exact_match".
        lowercase: See `text_scores`.

    Returns:
        Metrics of the beam search; and `greedy`, the headline metric of greedy search.
    """
    best = text_scores(answers["beam"], references, lowercase)
    greedy = text_scores(answers["greedy"], references, lowercase)
    others = [name for name in ("bleu", "chrf", "exact_match") if name != first]
    metrics = {name: best[name] for name in (first, *others)}
    return {**metrics, "greedy": greedy[first]}


def describe_translations(
    data, answers: Mapping[str, Sequence[str]], references: Sequence[str], lowercase
) -> dict[str, float | str | None]:
    """Returns sacreBLEU's signatures, and on Multi30k BLEU as papers report it.

    Args:
        data: `Splits` of pairs.
        answers: See `measure_translations`.
        references: The reference of each.
        lowercase: See `text_scores`.
    """
    signatures = score_signatures(lowercase)
    if data.name.split(":")[0] != "multi30k":  # A version may follow the name.
        return signatures | dict.fromkeys(_PUBLISHED)
    language = data.variant.rpartition("-")[2]
    best, greedy = (
        tokenized_bleu(answers[search], references, language)
        for search in ("beam", "greedy")
    )
    values = round(best.value, 2), round(greedy.value, 2), best.signature
    return signatures | dict(zip(_PUBLISHED, values, strict=True))


def score_signatures(lowercase: bool) -> dict[str, str]:
    """Returns sacreBLEU's `signature` and `chrf_signature`, the same for any texts."""
    scores = text_scores(["a"], ["a"], lowercase)
    return {name: scores[name] for name in ("signature", "chrf_signature")}


def check_scores(data) -> None:
    """Raises an error for missing packages and for splits without a pair."""
    describe_translations(data, {"beam": ["a"], "greedy": ["a"]}, ["a"], False)
    for split, part in ((data.test_split, data.test), ("validation", data.validation)):
        read_pairs(part, split)


def read_pairs(dataset: tf.data.Dataset, split: str) -> tuple[list[str], list[str]]:
    """Returns all sources and all references of raw examples.

    Raises:
        ValueError: If there are none.
    """
    pairs = [pair[:2] for pair in dataset.as_numpy_iterator()]
    if not pairs:
        raise ValueError(
            f"There is no text with its translation in {split!r}: choose other "
            "languages (`source`, `target`), another data set or other files."
        )
    columns = zip(*pairs, strict=True)
    sources, references = (
        [text.decode("utf-8", "replace") for text in column] for column in columns
    )
    return sources, references


def print_examples(
    sources: Sequence[str], references: Sequence[str], outputs: Sequence[str]
) -> None:
    """Prints the first few sources with their references and outputs."""
    for texts in list(zip(sources, references, outputs, strict=True))[:SHOWN]:
        print()
        for name, text in zip(("source", "reference", "output"), texts, strict=True):
            print(f"  {name:10} {text}")
