"""Scores of written texts against references."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class TextScore(NamedTuple):
    """A figure for all texts, in percent, and how it was worked out.

    Attributes:
        value: from 0 to 100.
        signature: what sacreBLEU says of tokenising, case and version.
    """

    value: float
    signature: str


def bleu(outputs: Sequence[str], references: Sequence[str], **settings) -> TextScore:
    """BLEU (Papineni et al. 2002) of whole texts, by sacreBLEU (Post 2018).

    Args:
        outputs: the translations.
        references: what they should be, one each.
        **settings: arguments of `sacrebleu.metrics.BLEU`, such as `lowercase`.

    Raises:
        ImportError: if sacreBLEU is not installed.
        ValueError: if there are not as many references as outputs, or none.

    >>> round(bleu(["The dog runs home."], ["The dog runs home."]).value, 3)
    100.0
    """
    return _score("BLEU", outputs, references, settings)


def chrf(outputs: Sequence[str], references: Sequence[str], **settings) -> TextScore:
    """chrF2 (Popović 2015): F-score of runs of characters; see `bleu`.

    >>> round(chrf(["house"], ["house"]).value, 3)
    100.0
    """
    return _score("CHRF", outputs, references, settings)


def tokenized_bleu(
    outputs: Sequence[str], references: Sequence[str], language: str
) -> TextScore:
    """BLEU in the setting of papers on Multi30k.

    Lower case, uniform punctuation, tokenised, each as Moses' scripts do, and then
    counted as it is ("lc.norm.tok" of https://github.com/multi30k/dataset). Some lower
    the case last; of the 1,000 references of 2016 that changes one.

    Args:
        outputs: the translations, as people write.
        references: what they should be.
        language: the code of their language, "de".

    Raises:
        ImportError: if sacremoses or sacreBLEU is not installed.
    """
    try:
        from sacremoses import MosesPunctNormalizer, MosesTokenizer, __version__
    except ImportError:
        raise ImportError(
            "Moses' tokens need sacremoses: pip install sacremoses"
        ) from None
    normalizer, tokenizer = MosesPunctNormalizer(language), MosesTokenizer(language)

    def tokens(texts):
        uniform = (normalizer.normalize(text.lower()) for text in texts)
        return [
            tokenizer.tokenize(text, return_str=True, escape=False) for text in uniform
        ]

    found = bleu(tokens(outputs), tokens(references), tokenize="none", force=True)
    before = f"lc.norm.tok by sacremoses {__version__}, then "
    return found._replace(signature=before + found.signature)


def exact_match(
    outputs: Sequence[str], references: Sequence[str], lowercase: bool = False
) -> float:
    """Share of the texts that are the reference, letter by letter, from 0 to 1.

    Args:
        outputs: the translations.
        references: what they should be, one each.
        lowercase: whether capital letters are taken as small ones.

    >>> exact_match(["a b", "c"], ["a b", "d"])
    0.5
    """
    check_pairs(outputs, references)
    if lowercase:
        outputs, references = (map(str.lower, each) for each in (outputs, references))
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
    """Raises a ValueError if there is none, or not one reference for each output."""
    if not outputs or len(outputs) != len(references):
        raise ValueError(
            f"Each output needs one reference, got {len(outputs)} outputs and "
            f"{len(references)} references."
        )
