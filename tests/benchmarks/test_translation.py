"""The benchmark of translators, in miniature."""

import pytest
import tensorflow as tf
from harness.models import small
from harness.scripts import load

SENTENCE = "Ein Hund läuft."
pytestmark = pytest.mark.slow


@pytest.fixture
def model(translations):
    return small("translation_gru_attention", translations, vocabulary="word")


def test_a_row_for_every_way(model, tmp_path):
    model.save(tmp_path / "model.keras")
    results = tmp_path / "results.csv"
    arguments = ["--sentence", SENTENCE, "--rounds", "2", "--beam-size", "3"]
    rows = load("benchmarks/translation.py").main(
        [str(tmp_path), *arguments, "--results", str(results)]
    )
    assert [row["beam_size"] for row in rows] == [1, 3, 1, 3]
    assert all(0 < row["min_ms"] <= row["median_ms"] for row in rows)
    assert len(results.read_text().splitlines()) == 5


def test_a_text_of_so_many_words():
    repeated = load("benchmarks/translation.py").repeated
    assert repeated("a  b c", None) == "a b c"
    assert repeated("a b c", 5) == "a b c a b"
    for sentence, words in (("a", 0), (" ", None)):
        with pytest.raises(ValueError, match="`words` must be a positive integer"):
            repeated(sentence, words)


def test_every_way_says_the_same(model):
    """The loop in Python does what the graph does."""
    benchmark, text = load("benchmarks/translation.py"), tf.constant([SENTENCE])
    (answer,), (of_beam,) = model.predict_text(SENTENCE), model.predict_beam(SENTENCE)
    found = benchmark.stepped(model, text)().numpy()
    assert found[0].decode() == answer["translation"]
    found = benchmark.stepped_beam(model, text)().numpy()
    assert [each.decode() for each in found[0]] == of_beam["translations"]
