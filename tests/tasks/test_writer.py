"""What is asked of a translator, greedily and by a beam."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnzoo.answers import plain
from rnnzoo.recipes import list_recipes

every_recipe = pytest.mark.parametrize("recipe", list_recipes("translation_*"))
VOCABULARIES = ("subword", "word", "character")
BLANK = ["", " ", " \n", "\v", "\u00a0", "\u3000", "\x1f", "\u200b"]
ODD = ["Hund " * 30, "日本語", "\U0001f600", b"\xff\xfe", "a\x00b", "x" * 99]


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_odd_texts_get_an_answer(make, vocabulary):
    model = make(vocabulary=vocabulary, beam_size=3)
    nothing = {"translation": "", "score": 0}
    assert model.predict_text(BLANK) == [nothing] * len(BLANK)
    for answer in model.predict_text(ODD):
        assert isinstance(answer["translation"], str)
        assert -np.inf < answer["score"] < 0
    nothing, *answers = model.predict_beam(["", *ODD])
    assert nothing["translations"] == [""] * 3
    assert nothing["scores"] == [0, *[float(tf.float32.min)] * 2]
    for answer in answers:
        texts, scores = answer["translations"], answer["scores"]
        assert len(texts) == len(scores) == 3
        found = texts[: 3 - scores.count(float(tf.float32.min))]
        assert found
        assert len(set(found)) == len(found)
        assert scores == sorted(scores, reverse=True)


def ending(model, bias):
    """The model, whose end token comes the more likely the higher the bias."""
    biases = model.network.score_bias
    biases.assign(tf.one_hot(2, biases.shape[0], bias, 0.0))
    return model


@pytest.mark.parametrize(("words", "times"), [(2, 2), (2, 4), (1000, 2)])
def test_a_decoder_that_never_ends_by_itself(make, words, times):
    """The answer is bounded."""
    model = ending(make(vocabulary="word", beam_size=2), -1e9)
    model.set_search(steps_per_token=times)
    text = " ".join(["Hund"] * words)
    translations = model.predict_beam(text)[0]["translations"]
    for translation in [model.predict_text(text)[0]["translation"], *translations]:
        assert len(translation.split()) == 10 + times * words


def test_an_empty_batch(make):
    model = make(beam_size=3)
    nothing = tf.constant([], tf.string)
    shapes = {name: x.shape for name, x in model.answer_texts(nothing).items()}
    assert shapes == {"translation": (0,), "score": (0,)}
    shapes = {name: x.shape for name, x in model.answer_beam(nothing).items()}
    assert shapes == {"translations": (0, 3), "scores": (0, 3)}


def test_what_is_too_long_is_left_out(make):
    model = make(vocabulary="character", longest_source=8)
    assert model.predict_text("Ein Hund" * 99) == model.predict_text("Ein Hun")
    assert model.predict_beam("Ein Hund" * 99) == model.predict_beam("Ein Hun")


@every_recipe
def test_an_answer_does_not_depend_on_its_neighbours(make, recipe):
    model = make(recipe)
    texts = ["Ein Hund", "", "Zwei Männer gehen nach Hause .", "Eine"]
    for ask in (model.predict_text, model.predict_beam):
        for text, together in zip(texts, ask(texts), strict=True):
            (alone,) = ask([text])
            for name, value in together.items():
                if name.startswith("score"):
                    np.testing.assert_allclose(alone[name], value, rtol=1e-4)
                else:
                    assert alone[name] == value


@pytest.mark.parametrize("search", ["answer_texts", "answer_beam"])
def test_in_a_graph_that_knows_how_many_rows_there_are(make, search):
    answer, text = getattr(make(beam_size=2), search), tf.constant(["Ein Hund"])
    found = tf.function(lambda: answer(text))()
    for name, value in answer(text).items():
        if value.dtype == tf.string:
            assert plain(found[name].numpy()) == plain(value.numpy())
        else:
            np.testing.assert_allclose(found[name], value, rtol=1e-5)


def test_a_beam_of_one_is_greedy(make):
    model = make(beam_size=1)
    texts = ["Ein Hund läuft .", "Frau"]
    for greedy, beam in zip(
        model.predict_text(texts), model.predict_beam(texts), strict=True
    ):
        assert beam["translations"] == [greedy["translation"]]
        assert beam["scores"] == pytest.approx([greedy["score"]], rel=1e-5)


def test_unknown_words_are_not_written(make):
    model = make(vocabulary="word")
    bias = model.network.score_bias
    bias.assign(tf.one_hot(3, bias.shape[0], 1e9, 0.0))  # It would write no other.
    (answer,) = model.predict_text("Hund")
    assert "\ufffd" not in answer["translation"]


def test_the_saved_model_answers_as_the_model(make, tmp_path):
    model = make(vocabulary="character", beam_size=3)
    path = str(model.export_saved_model(tmp_path / "model"))
    signatures = tf.saved_model.load(path).signatures
    texts = ["Ein Hund", "", "Eine Frau läuft."]
    said = {"serving_default": model.predict_text, "beam": model.predict_beam}
    for signature, ask in said.items():
        rows = ask(texts)
        for name, column in signatures[signature](text=tf.constant(texts)).items():
            expected = [row[name] for row in rows]
            if column.dtype == tf.string:
                assert plain(column.numpy()) == expected
            else:
                np.testing.assert_allclose(column, expected, rtol=1e-5)


def test_searched_otherwise(make, tmp_path):
    """After it was asked, and in what is exported then."""
    model = make(beam_size=2)
    assert len(model.predict_beam("Hund")[0]["scores"]) == 2
    (before,) = model.predict_text("Hund")
    model.set_search(beam_size=4, length_penalty=0.0)
    assert len(model.predict_beam("Hund")[0]["scores"]) == 4
    assert model.predict_text("Hund")[0]["score"] < before["score"]
    assert model.get_config()["beam_size"] == 4
    path = str(model.export_saved_model(tmp_path / "model"))
    beam = tf.saved_model.load(path).signatures["beam"]
    assert beam(text=tf.constant(["Hund"]))["scores"].shape == (1, 4)
    with pytest.raises(ValueError, match="`beam_size` must be a positive"):
        model.set_search(beam_size=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", compile=False)
    assert loaded.predict_beam("Hund") == model.predict_beam("Hund")
    with pytest.raises(ValueError, match="`coverage_penalty` needs attention"):
        make("translation_gru").set_search(coverage_penalty=0.1)


def test_the_length_penalty_arrives(make):
    sums, means = (make(length_penalty=p) for p in (0.0, 1.0))
    (of_sums,), (of_means,) = (m.predict_text("Ein Hund") for m in (sums, means))
    assert of_sums["translation"] == of_means["translation"]
    steps = len(sums.read_attention("Ein Hund")[0].weights)
    assert steps > 1
    expected = of_sums["score"] / ((5 + steps) / 6)
    assert of_means["score"] == pytest.approx(expected, rel=1e-5)


def test_the_coverage_penalty_arrives(make):
    """By the constructor, and by `set_search`."""
    text, scores = "Ein Hund läuft . " * 9, []
    for coverage_penalty in (0.0, 0.5):
        model = make(coverage_penalty=coverage_penalty, vocabulary="word", beam_size=1)
        # For a long translation all of the source would be read.
        (answer,) = ending(model, 5.0).predict_beam(text)
        scores += answer["scores"]
    assert scores[1] < scores[0] - 1e-3
    model.set_search(coverage_penalty=0.0)
    assert model.predict_beam(text)[0]["scores"] == pytest.approx(scores[:1])
