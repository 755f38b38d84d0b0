"""Scores of texts against references."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class TextScore(NamedTuple):
    """Score of all texts.

    Attributes:
        value: Score in percent, from 0 to 100.
        signature: Signature of sacreBLEU: tokenization, case and version.
    """

    value: float
    signature: str


def bleu(outputs: Sequence[str], references: Sequence[str], **settings) -> TextScore:
    """Returns BLEU (Papineni et al. 2002) by sacreBLEU (Post 2018).

    Args:
        outputs: Translations.
        references: Reference of each translation.
        **settings: Arguments of `sacrebleu.metrics.BLEU`, such as `lowercase`.

    Raises:
        ImportError: If sacreBLEU is not installed.
        ValueError: If there are no outputs, or not one reference for each.

    >>> round(bleu(["The dog runs home."], ["The dog runs home."]).value, 3)
    100.0
    """
    return _score("BLEU", outputs, references, settings)


def chrf(outputs: Sequence[str], references: Sequence[str], **settings) -> TextScore:
    """Returns chrF2 (Popović 2015), the F-score of character n-grams; see `bleu`.

    >>> round(chrf(["house"], ["house"]).value, 3)
    100.0
    """
    return _score("CHRF", outputs, references, settings)


def tokenized_bleu(
    outputs: Sequence[str], references: Sequence[str], language: str
) -> TextScore:
    """Returns BLEU as in papers on Multi30k.

    Texts are converted to lower case, normalized and tokenized by Moses' scripts
    ("lc.norm.tok" of https://github.com/multi30k/dataset). Some papers convert to lower
    case last, which changes one of the 1,000 references of 2016.

    Args:
        outputs: Translations, not tokenized.
        references: Reference of each translation.
        language: Code of the language, such as "de".

    Raises:
        ImportError: If sacremoses or sacreBLEU is not installed.
    """
    try:
        from sacremoses import MosesPunctNormalizer, MosesTokenizer, __version__
    except ImportError:
        message = "Tokenized BLEU needs sacremoses: pip install sacremoses"
        raise ImportError(message) from None
    normalizer, tokenizer = MosesPunctNormalizer(language), MosesTokenizer(language)

    def tokenize(text):
        text = normalizer.normalize(text.lower())
        return tokenizer.tokenize(text, return_str=True, escape=False)

    outputs, references = ([*map(tokenize, texts)] for texts in (outputs, references))
    score = bleu(outputs, references, tokenize="none", force=True)
    tokens = f"lc.norm.tok by sacremoses {__version__}"
    return score._replace(signature=f"{tokens}, then {score.signature}")


def exact_match(
    outputs: Sequence[str], references: Sequence[str], lowercase: bool = False
) -> float:
    """Returns the share of texts that equal their reference, from 0 to 1.

    Args:
        outputs: Translations.
        references: Reference of each translation.
        lowercase: Whether to ignore case.

    >>> exact_match(["a b", "c"], ["a b", "d"])
    0.5
    """
    check_pairs(outputs, references)
    if lowercase:
        outputs, references = (map(str.lower, texts) for texts in (outputs, references))
    return float(np.mean([o == r for o, r in zip(outputs, references, strict=True)]))


def _score(name, outputs, references, settings):
    try:
        from sacrebleu import metrics
    except ImportError:
        raise ImportError("BLEU needs sacreBLEU: pip install sacrebleu") from None
    check_pairs(outputs, references)
    metric = getattr(metrics, name)(**settings)
    value = metric.corpus_score(list(outputs), [list(references)]).score
    return TextScore(value, str(metric.get_signature()))


def check_pairs(outputs: Sequence[str], references: Sequence[str]) -> None:
    """Raises a ValueError unless there are outputs with one reference each."""
    if not outputs or len(outputs) != len(references):
        raise ValueError(
            f"Each output needs one reference, got {len(outputs)} outputs and "
            f"{len(references)} references."
        )
