"""Answers of a translator, greedy ones and those of a beam."""

import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.recipes import list_recipes

VOCABULARIES = ("subword", "word", "character")
BLANK = ["", " ", " \n", "\v", "\u00a0", "\u3000", "\x1f", "\u200b"]
ODD = ["Hund " * 30, "日本語", "\U0001f600", b"\xff\xfe", "a\x00b", "x" * 99]
LOWEST = float(tf.float32.min)


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_odd_texts_get_an_answer(make, vocabulary):
    model = make(vocabulary=vocabulary, beam_size=3)
    nothing = {"translation": "", "score": 0}
    assert model.answer(BLANK) == [nothing] * len(BLANK)
    for answer in model.answer(ODD):
        assert isinstance(answer["translation"], str)
        assert -np.inf < answer["score"] < 0
    nothing, *answers = model.answer_beam(["", *ODD])
    assert nothing["translations"] == [""] * 3
    assert nothing["scores"] == [0, LOWEST, LOWEST]
    for answer in answers:
        texts, scores = answer["translations"], answer["scores"]
        assert len(texts) == len(scores) == 3
        found = texts[: 3 - scores.count(LOWEST)]
        assert found
        assert len(set(found)) == len(found)
        assert scores == sorted(scores, reverse=True)


def ending(model, bias):
    """The model; the higher the bias, the likelier is its end token."""
    biases = model.network.score_bias
    biases.assign(tf.one_hot(2, biases.shape[0], bias, 0.0))
    return model


@pytest.mark.parametrize(("words", "times"), [(2, 2), (2, 4), (1000, 2)])
def test_answer_without_end_token_is_bounded(make, words, times):
    model = ending(make(vocabulary="word", beam_size=2), -1e9)
    model.set_search(steps_per_token=times)
    text = " ".join(["Hund"] * words)
    translations = model.answer_beam(text)[0]["translations"]
    for translation in [model.answer(text)[0]["translation"], *translations]:
        assert len(translation.split()) == 10 + times * words


def test_source_is_cut_to_longest_source(make):
    model = make(vocabulary="character", longest_source=8)
    assert model.answer("Ein Hund" * 99) == model.answer("Ein Hun")
    assert model.answer_beam("Ein Hund" * 99) == model.answer_beam("Ein Hun")


@pytest.mark.parametrize("recipe", list_recipes("translation_*"))
def test_answer_does_not_depend_on_its_batch(make, recipe):
    model = make(recipe)
    texts = ["Ein Hund", "", "Zwei Männer gehen nach Hause .", "Eine"]
    for ask in (model.answer, model.answer_beam):
        for text, together in zip(texts, ask(texts), strict=True):
            (alone,) = ask([text])
            for name, value in together.items():
                if name.startswith("score"):
                    np.testing.assert_allclose(alone[name], value, rtol=1e-4)
                else:
                    assert alone[name] == value


def test_unknown_words_are_not_written(make):
    model = make(vocabulary="word")
    bias = model.network.score_bias
    bias.assign(tf.one_hot(3, bias.shape[0], 1e9, 0.0))  # By far the likeliest.
    (answer,) = model.answer("Hund")
    assert "\ufffd" not in answer["translation"]


def test_length_penalty_divides_scores(make):
    sums, means = (make(length_penalty=p) for p in (0.0, 1.0))
    (of_sums,), (of_means,) = (m.answer("Ein Hund") for m in (sums, means))
    assert of_sums["translation"] == of_means["translation"]
    steps = len(sums.read_attention(["Ein Hund"])[0].weights)
    assert steps > 1
    expected = of_sums["score"] / ((5 + steps) / 6)
    assert of_means["score"] == pytest.approx(expected, rel=1e-5)


def test_coverage_penalty_lowers_scores(make):
    """As a setting, and by `set_search`."""
    text, scores = "Ein Hund läuft . " * 9, []
    for coverage_penalty in (0.0, 0.5):
        model = make(coverage_penalty=coverage_penalty, vocabulary="word", beam_size=1)
        # A long translation would read all of the source.
        (answer,) = ending(model, 5.0).answer_beam(text)
        scores += answer["scores"]
    assert scores[1] < scores[0] - 1e-3
    model.set_search(coverage_penalty=0.0)
    assert model.answer_beam(text)[0]["scores"] == pytest.approx(scores[:1])


def test_coverage_penalty_without_attention_raises(make):
    model = make("translation_gru")
    with pytest.raises(ValueError, match=r"`coverage_penalty`.*None"):
        model.set_search(coverage_penalty=0.1)
    assert model.config.coverage_penalty == 0
