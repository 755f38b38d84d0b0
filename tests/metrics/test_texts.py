"""Figures of merit of translations, against sacreBLEU and by hand."""

import sys

import pytest
import sacrebleu

from rnnzoo.metrics.texts import (
    bleu,
    chrf,
    exact_match,
    tokenized_bleu,
    translation_scores,
)

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


def test_case_and_blanks_before_marks_do_not_count_in_papers():
    right = ["ein hund läuft über die straße .", *TRUTH[1:]]
    assert tokenized_bleu(right, TRUTH, "de").value == pytest.approx(100)
    assert bleu(right, TRUTH).value < 95
    quoted = tokenized_bleu(
        ["Er sagt „ja“ und geht."], ['er sagt "ja" und geht .'], "de"
    )
    assert quoted.value == pytest.approx(100)
    assert quoted.signature.startswith("lc.norm.tok by sacremoses ")
    assert "tok:none" in quoted.signature


def test_tokens_of_papers_by_hand():
    """Marks are tokens of their own, and count."""
    output, reference = "Er geht, sagt er.", 'er geht nicht , sagt "er" .'
    tokens = "er geht , sagt er .", 'er geht nicht , sagt " er " .'
    expected = sacrebleu.corpus_bleu(
        [tokens[0]] * 2, [[tokens[1]] * 2], tokenize="none", force=True
    )
    score = tokenized_bleu([output] * 2, [reference] * 2, "de")
    assert score.value == pytest.approx(expected.score)
    assert 0 < score.value < 60


def test_exact_match_by_hand():
    assert exact_match(["a", "b", "c"], ["a", "b", "C"]) == pytest.approx(2 / 3)
    assert exact_match(["a", "b", "d"], ["A", "b", "C"], lowercase=True) == 2 / 3


@pytest.mark.parametrize(("lowercase", "case"), [(True, "lc"), (False, "mixed")])
def test_figures_of_lower_case_say_so(lowercase, case):
    texts = ["Ein Hund läuft über die Straße."]
    found = translation_scores([text.lower() for text in texts], texts, lowercase)
    assert (found["bleu"] > 99) == (found["chrf"] > 99) == lowercase
    assert found["exact_match"] == lowercase
    assert f"case:{case}" in found["signature"]


@pytest.mark.parametrize("outputs", [[], ["a"], ["a", "b", "c"]])
def test_as_many_outputs_as_references(outputs):
    with pytest.raises(ValueError, match="Each output needs one reference, got"):
        bleu(outputs, ["a", "b"])


@pytest.mark.parametrize("package", ["sacrebleu", "sacremoses"])
def test_without_the_packages(package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=f"pip install {package}"):
        tokenized_bleu(["a"], ["a"], "de")
