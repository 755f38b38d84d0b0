"""The metrics of a translator."""

import dataclasses
import sys

import pytest
import tensorflow as tf

from rnnzoo.data.splits import Splits
from rnnzoo.tasks.translation.scores import (
    SHOWN,
    check_scores,
    describe_translations,
    measure_translations,
    print_examples,
    read_pairs,
    text_scores,
)

TEXTS = ["Ein Hund läuft über die Straße."]
PAIRS = tf.data.Dataset.from_tensor_slices((["Hund"], ["dog"]))
PERFECT_BEAM = {"beam": TEXTS, "greedy": [""]}


def splits(**parts) -> Splits:
    """Splits of one pair each, named like Multi30k."""
    same = dict.fromkeys(("train", "validation", "test"), PAIRS)
    about = {"name": "multi30k", "version": "1.0.0", "variant": "en-de"}
    return Splits(**{**about, **same, **parts})


@pytest.mark.parametrize(("lowercase", "case"), [(True, "lc"), (False, "mixed")])
def test_text_scores_with_lowercase_ignore_case_and_say_so(lowercase, case):
    scores = text_scores([text.lower() for text in TEXTS], TEXTS, lowercase)
    assert (scores["bleu"] > 99) == (scores["chrf"] > 99) == lowercase
    assert scores["exact_match"] == lowercase
    assert f"case:{case}" in scores["signature"]
    assert f"case:{case}" in scores["chrf_signature"]


@pytest.mark.parametrize(("first", "best"), [("bleu", 100), ("exact_match", 1)])
def test_measure_translations_returns_headline_metric_first(first, best):
    metrics = measure_translations(PERFECT_BEAM, TEXTS, first, lowercase=False)
    assert next(iter(metrics)) == first
    assert metrics.keys() == {"bleu", "chrf", "exact_match", "greedy"}
    assert (metrics[first], metrics["greedy"]) == (best, 0)


@pytest.mark.parametrize("name", ["multi30k", "multi30k:1.0.0"])
def test_describe_translations_of_multi30k_has_bleu_of_papers(name):
    columns = describe_translations(splits(name=name), PERFECT_BEAM, TEXTS, False)
    assert columns["tokenized_bleu"] == pytest.approx(100)
    assert columns["greedy_tokenized_bleu"] == 0
    assert "lc.norm.tok by sacremoses" in columns["tokenized_signature"]
    assert columns["signature"] == text_scores(TEXTS, TEXTS)["signature"]


def test_describe_translations_of_other_data_has_no_bleu_of_papers():
    data = splits(name="tatoeba_en_fr")
    columns = describe_translations(data, PERFECT_BEAM, TEXTS, False)
    none = {name for name, value in columns.items() if value is None}
    assert none == {"tokenized_bleu", "greedy_tokenized_bleu", "tokenized_signature"}
    assert columns["chrf_signature"] == text_scores(TEXTS, TEXTS)["chrf_signature"]


def test_read_pairs_returns_columns_without_weights():
    assert read_pairs(PAIRS, "test") == (["Hund"], ["dog"])
    weighted = PAIRS.map(lambda source, target: (source, target, 0.5))
    assert read_pairs(weighted, "test") == (["Hund"], ["dog"])


def test_read_pairs_of_empty_split_raises():
    with pytest.raises(ValueError, match=r"'test'.*`source`.*`target`"):
        read_pairs(PAIRS.take(0), "test")


@pytest.mark.parametrize(
    ("part", "named"), [("validation", "validation"), ("test", "2016")]
)
def test_check_scores_with_empty_split_names_it(part, named):
    data = splits(test_split="2016")
    check_scores(data)
    with pytest.raises(ValueError, match=f"'{named}'"):
        check_scores(dataclasses.replace(data, **{part: PAIRS.take(0)}))


@pytest.mark.parametrize("package", ["sacrebleu", "sacremoses"])
def test_check_scores_without_package_raises(package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=f"pip install {package}"):
        check_scores(splits())


def test_print_examples_shows_the_first_few(capsys):
    texts = [f"text {number}" for number in range(SHOWN + 1)]
    print_examples(texts, texts, texts)
    lines = capsys.readouterr().out.splitlines()
    assert lines.count("  source     text 0") == 1
    assert sum(line.startswith("  output ") for line in lines) == SHOWN
    assert not any(texts[-1] in line for line in lines)
