"""Answers of tasks that write: greedy, of a beam, and random ones."""

from typing import NamedTuple

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.decoding import SOURCE, STATE, TinyModel, hypotheses

from rnnzoo.answers import plain
from rnnzoo.data.examples import Column
from rnnzoo.decoding import NEVER, Hypotheses
from rnnzoo.tasks.writer import LOWEST, Writer, best_texts

LIMIT = 3
TINY = TinyModel(seed=4, rows=1)
POINTS = [[0.2, -0.4, 0.1], [-0.9, 0.3, 0.8]]


class TinyMemory(NamedTuple):
    states: tuple
    mask: tf.Tensor

    def repeated(self, times):
        return tf.nest.map_structure(lambda x: tf.repeat(x, times, axis=0), self)


class TinyNetwork(keras.Model):
    """A recurrence of `harness.decoding` that starts from its input."""

    @property
    def input(self):
        return keras.Input((STATE,), name="point")

    def call(self, inputs, training=False):
        return inputs

    def read(self, inputs, training=False):
        mask = tf.ones([tf.shape(inputs)[0], SOURCE], tf.bool)
        return TinyMemory((inputs,), mask)

    def step(self, memory):
        return TINY.step


class TinyWriter(Writer):
    """Writes letters for a point; no text goes in, and no ids."""

    columns = (Column("point", "number", rank=1), Column("letters"))
    output, outputs = "letters", "candidates"
    row = tf.TensorSpec([None, STATE], tf.float32, name="point")
    example_rows = ({"point": POINTS[0]}, {"point": POINTS[1]})

    def assemble(self):
        return TinyNetwork()

    def to_inputs(self, rows):
        return tf.cast(rows, tf.float32)

    def decode(self, tokens):
        return letters_of(tokens, ["", "", "", "a", "b"])

    def max_steps(self, inputs):
        return tf.fill([tf.shape(inputs)[0]], LIMIT)


def letters_of(ids, letters):
    return tf.strings.reduce_join(tf.gather(tf.constant(letters), ids), axis=-1)


def tiny_writer(**settings):
    return TinyWriter(learned={}, length_penalty=0.0, **settings)


def log_probabilities(point):
    """Those of all texts that a `TinyWriter` may write, by NumPy."""
    TINY.start = np.array([point], "float32")
    found = {}
    for tokens in hypotheses(LIMIT):
        text = "".join({3: "a", 4: "b"}.get(token, "") for token in tokens)
        found[text] = TINY.judge(0, tokens)[0]
    return found


def test_writer_of_other_inputs_and_outputs_searches_all_texts():
    """A beam as large as the number of texts finds all, the best first."""
    expected = [log_probabilities(point) for point in POINTS]
    model = tiny_writer(beam_size=len(expected[0]))
    for row, scores in zip(model.answer_beam(POINTS), expected, strict=True):
        assert row.keys() == {"candidates", "scores"}
        assert row["candidates"] == sorted(scores, key=scores.get, reverse=True)
        best_first = sorted(scores.values(), reverse=True)
        np.testing.assert_allclose(row["scores"], best_first, rtol=1e-4)


def test_writer_of_other_inputs_and_outputs_answers_greedily():
    model = tiny_writer(beam_size=1)
    answers = model.answer(POINTS)
    beams = model.answer_beam(POINTS)
    for point, answer, beam in zip(POINTS, answers, beams, strict=True):
        assert answer.keys() == {"letters", "score"}
        expected = log_probabilities(point)[answer["letters"]]
        assert answer["score"] == pytest.approx(expected, rel=1e-4)
        assert beam["candidates"] == [answer["letters"]]
    ids = model.predict(POINTS)
    written = [answer["letters"] for answer in answers]
    assert plain(model.decode(tf.constant(ids)).numpy()) == written


def test_writer_of_other_inputs_and_outputs_samples():
    model = tiny_writer()
    drawn = model.sample(POINTS[:1] * 40, seed=1)
    assert drawn == model.sample(POINTS[:1] * 40, seed=1)
    assert drawn != model.sample(POINTS[:1] * 40, seed=2)
    expected = log_probabilities(POINTS[0])
    assert len({answer["letters"] for answer in drawn}) > 3
    for answer in drawn:
        assert answer["score"] == pytest.approx(expected[answer["letters"]], rel=1e-4)


@pytest.mark.parametrize(
    "options", [{"top_k": 1}, {"top_p": 1e-6}, {"temperature": 1e-6}], ids=str
)
def test_sample_of_the_likeliest_token_is_greedy(options):
    model = tiny_writer()
    for seed in (0, 1):
        drawn = model.sample(POINTS, seed=seed, **options)
        greedy = model.answer(POINTS)
        assert [row["letters"] for row in drawn] == [row["letters"] for row in greedy]


@pytest.mark.parametrize("options", [{"temperature": 0}, {"top_k": 0}, {"top_p": 1.5}])
def test_sample_with_wrong_option_raises(options):
    ((name, value),) = options.items()
    with pytest.raises(ValueError, match=rf"`{name}`.*{value}"):
        tiny_writer().sample(POINTS, **options)


def decode(ids):
    return letters_of(ids, ["", "a", "b", "ab"])


def test_best_texts_removes_repeated_texts():
    tokens = tf.constant([[[3, 0], [1, 2], [2, 0], [2, 1]], [[1, 0]] + [[2, 0]] * 3])
    scores = tf.constant([[-1.0, -2.0, -3.0, -4.0], [-1.0, NEVER, NEVER, NEVER]])
    texts, scores = best_texts(Hypotheses(tokens, scores), decode)
    assert texts.numpy().tolist() == [[b"ab", b"b", b"ba", b""], [b"a", b"", b"", b""]]
    assert scores.numpy()[0].tolist() == [-1, -3, -4, np.float32(LOWEST)]
    assert np.isfinite(scores).all()  # JSON has no infinity.


def test_best_texts_keeps_an_empty_text():
    written = Hypotheses(tf.constant([[[0], [1]]]), tf.constant([[-1.0, -2.0]]))
    texts, scores = best_texts(written, decode)
    assert texts.numpy().tolist() == [[b"", b"a"]]
    assert scores.numpy().tolist() == [[-1, -2]]


def test_empty_batch_has_empty_answers(make):
    model = make(beam_size=3)
    nothing = tf.constant([], tf.string)
    shapes = {name: x.shape for name, x in model.greedy_answers(nothing).items()}
    assert shapes == {"translation": (0,), "score": (0,)}
    shapes = {name: x.shape for name, x in model.beam_answers(nothing).items()}
    assert shapes == {"translations": (0, 3), "scores": (0, 3)}
    assert model.answer([]) == model.answer_beam([]) == model.sample([]) == []
    with pytest.raises(ValueError, match=r"example.*none"):
        model.predict([])


@pytest.mark.parametrize("search", ["greedy_answers", "beam_answers"])
def test_answers_in_a_graph_of_known_batch_size(make, search):
    answer, text = getattr(make(beam_size=2), search), tf.constant(["Ein Hund"])
    in_graph = tf.function(lambda: answer(text))()
    for name, value in answer(text).items():
        if value.dtype == tf.string:
            assert plain(in_graph[name].numpy()) == plain(value.numpy())
        else:
            np.testing.assert_allclose(in_graph[name], value, rtol=1e-5)


def test_beam_of_one_is_greedy(make):
    model = make(beam_size=1)
    texts = ["Ein Hund läuft .", "Frau"]
    rows = zip(model.answer(texts), model.answer_beam(texts), strict=True)
    for greedy, beam in rows:
        assert beam["translations"] == [greedy["translation"]]
        assert beam["scores"] == pytest.approx([greedy["score"]], rel=1e-5)


def test_sample_of_texts_is_reproducible(make):
    model, texts = make(vocabulary="word"), ["Ein Hund", ""] * 5
    drawn = model.sample(texts, seed=3)
    assert drawn == model.sample(texts, seed=3)
    assert len({row["translation"] for row in drawn[::2]}) > 1
    assert drawn[1::2] == [{"translation": "", "score": 0}] * 5


def test_predict_of_raw_texts_returns_ids_of_greedy_answers(make, translations):
    model = make(vocabulary="word")
    texts = ["Ein Hund läuft .", "", "Frau", "Zwei", "Eine Frau"]
    answers = [row["translation"] for row in model.answer(texts)]
    labelled = tf.data.Dataset.from_tensor_slices((texts, texts))
    for data in (texts, np.array(texts), labelled, labelled.map(lambda x, y: x)):
        ids = model.predict(data, batch_size=2)
        assert ids.dtype == np.int32
        assert plain(model.decode(tf.constant(ids)).numpy()) == answers
        assert not ids[1].any()


def test_predict_of_batches_returns_logits(make, translations):
    model = make("translation_gru", vocabulary="word")
    batches = model.pipeline(translations.take(3))
    ((ids, _, _),) = batches
    logits = model.predict(batches, verbose=0)
    np.testing.assert_allclose(logits, model(ids), rtol=1e-4, atol=1e-5)
    sources = {name: each.numpy() for name, each in ids.items()}
    np.testing.assert_allclose(model.predict(sources, verbose=0), logits, rtol=1e-4)


def test_saved_model_answers_as_the_model(make, tmp_path):
    model = make(vocabulary="character", beam_size=3)
    path = str(model.export_saved_model(tmp_path / "model"))
    signatures = tf.saved_model.load(path).signatures
    texts = ["Ein Hund", "", "Eine Frau läuft."]
    for signature in ("serving_default", "beam"):
        rows = model.answer(texts, signature)
        for name, column in signatures[signature](text=tf.constant(texts)).items():
            expected = [row[name] for row in rows]
            if column.dtype == tf.string:
                assert plain(column.numpy()) == expected
            else:
                np.testing.assert_allclose(column, expected, rtol=1e-5)


def test_set_search_changes_answers_exports_and_files(make, tmp_path):
    model = make(beam_size=2)
    assert len(model.answer_beam("Hund")[0]["scores"]) == 2
    (before,) = model.answer("Hund")
    model.set_search(beam_size=4, length_penalty=0.0)
    assert len(model.answer_beam("Hund")[0]["scores"]) == 4
    assert model.answer("Hund")[0]["score"] < before["score"]
    assert model.config.beam_size == model.get_config()["beam_size"] == 4
    path = str(model.export_saved_model(tmp_path / "model"))
    beam = tf.saved_model.load(path).signatures["beam"]
    assert beam(text=tf.constant(["Hund"]))["scores"].shape == (1, 4)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", compile=False)
    assert loaded.answer_beam("Hund") == model.answer_beam("Hund")


def test_set_search_with_wrong_settings_raises_and_keeps_the_old(make):
    model = make(beam_size=2)
    with pytest.raises(ValueError, match=r"beam_size.*0"):
        model.set_search(beam_size=0)
    with pytest.raises(ValueError, match=r"'beam_sise'.*'beam_size'"):
        model.set_search(beam_sise=3)
    with pytest.raises(ValueError, match="'units'"):
        model.set_search(units=3)
    assert (model.config.beam_size, model.config.units) == (2, 4)
