"""Metrics of written texts, against sacreBLEU and by hand."""

import sys

import pytest
import sacrebleu

from rnnzoo.metrics.texts import bleu, chrf, exact_match, tokenized_bleu

OUTPUTS = ["Der Hund läuft über die Straße .", "Zwei Männer", "Das ist es."]
TRUTH = ["Ein Hund läuft über die Straße.", "Zwei Männer stehen da.", "das ist es ."]


@pytest.mark.parametrize("lowercase", [True, False])
def test_bleu_is_that_of_sacrebleu(lowercase):
    score = bleu(OUTPUTS, TRUTH, lowercase=lowercase)
    expected = sacrebleu.corpus_bleu(OUTPUTS, [TRUTH], lowercase=lowercase)
    assert score.value == pytest.approx(expected.score)
    assert "tok:13a" in score.signature
    assert ("case:lc" in score.signature) == lowercase
    assert 0 < score.value < 100


def test_chrf_is_that_of_sacrebleu():
    expected = sacrebleu.corpus_chrf(OUTPUTS, [TRUTH]).score
    assert chrf(OUTPUTS, TRUTH).value == pytest.approx(expected)


def test_tokenized_bleu_ignores_case_and_blanks_before_punctuation():
    right = ["ein hund läuft über die straße .", *TRUTH[1:]]
    assert tokenized_bleu(right, TRUTH, "de").value == pytest.approx(100)
    assert bleu(right, TRUTH).value < 95
    quoted = tokenized_bleu(
        ["Er sagt „ja“ und geht."], ['er sagt "ja" und geht .'], "de"
    )
    assert quoted.value == pytest.approx(100)
    assert quoted.signature.startswith("lc.norm.tok by sacremoses ")
    assert "tok:none" in quoted.signature


def test_tokenized_bleu_counts_punctuation_as_tokens():
    """Against sacreBLEU on tokens written out by hand."""
    output, reference = "Er geht, sagt er.", 'er geht nicht , sagt "er" .'
    tokens = "er geht , sagt er .", 'er geht nicht , sagt " er " .'
    expected = sacrebleu.corpus_bleu(
        [tokens[0]] * 2, [[tokens[1]] * 2], tokenize="none", force=True
    )
    score = tokenized_bleu([output] * 2, [reference] * 2, "de")
    assert score.value == pytest.approx(expected.score)
    assert 0 < score.value < 60


def test_exact_match_is_the_share_of_equal_texts():
    assert exact_match(["a", "b", "c"], ["a", "b", "C"]) == pytest.approx(2 / 3)
    assert exact_match(["a", "b", "d"], ["A", "b", "C"], lowercase=True) == 2 / 3


@pytest.mark.parametrize("outputs", [[], ["a"], ["a", "b", "c"]])
def test_bleu_of_unequal_or_no_texts_raises(outputs):
    with pytest.raises(ValueError, match=f" {len(outputs)} outputs.* 2 references"):
        bleu(outputs, ["a", "b"])


@pytest.mark.parametrize("package", ["sacrebleu", "sacremoses"])
def test_tokenized_bleu_without_a_package_names_it(package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=f"pip install {package}"):
        tokenized_bleu(["a"], ["a"], "de")
