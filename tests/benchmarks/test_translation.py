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


def test_a_row_for_every_way(model, tmp_path, monkeypatch):
    model.optimizer.build(model.trainable_variables)  # as after training
    model.save(tmp_path / "model.keras")
    results, threads = tmp_path / "results.csv", []
    # Once TensorFlow runs, as it does here, it takes no other number.
    monkeypatch.setattr(
        tf.config.threading, "set_intra_op_parallelism_threads", threads.append
    )
    arguments = ["--sentence", SENTENCE, "--rounds", "2", "--beam-size", "3"]
    arguments += ["--results", str(results)]
    benchmark = load("benchmarks/translation.py")
    rows = benchmark.main([str(tmp_path), *arguments])
    assert [row["beam_size"] for row in rows] == [1, 3, 1, 3]
    assert all(0 < row["min_ms"] <= row["median_ms"] for row in rows)
    assert len(results.read_text().splitlines()) == 5
    assert threads == []
    benchmark.main([str(tmp_path), *arguments, "--threads", "1"])
    assert threads == [1]
    assert len(results.read_text().splitlines()) == 9


def test_a_text_of_so_many_words():
    repeated = load("benchmarks/translation.py").repeated
    assert repeated("a  b c", None) == "a b c"
    assert repeated("a b c", 5) == "a b c a b"
    for sentence, words in (("a", 0), (" ", None)):
        with pytest.raises(ValueError, match=r"`words`.* 0"):
            repeated(sentence, words)


def test_every_way_says_the_same(model):
    """The loop in Python does what the graph does."""
    benchmark, text = load("benchmarks/translation.py"), tf.constant([SENTENCE])
    (answer,), (of_beam,) = model.answer(SENTENCE), model.answer_beam(SENTENCE)
    found = benchmark.stepped(model, text)().numpy()
    assert found[0].decode() == answer["translation"]
    found = benchmark.stepped_beam(model, text)().numpy()
    assert [each.decode() for each in found[0]] == of_beam["translations"]
