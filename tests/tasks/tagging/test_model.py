"""The tagger."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from harness.models import small, varied

from rnnzoo.layers import CRFLoss
from rnnzoo.tasks.tagging.model import Tagger
from rnnzoo.tasks.tagging.scores import measure_sentences
from rnnzoo.tasks.tagging.sentences import (
    Sentence,
    read_sentences,
    sentence_dataset,
)

# One of each network; their cells are tested in `layers/test_encoder.py`.
NETWORKS = ["tagging_bilstm", "tagging_bilstm_crf", "tagging_char_bilstm_crf"]
every_network = pytest.mark.parametrize("recipe", NETWORKS)
ODD = [[], ["Bonn"], ["lies"] * 2000, ["\U0001f600", b"\xff\xfe", "x" * 999]]


@every_network
def test_answer_tokens_of_odd_sentences_is_complete(recipe, sentences):
    model = small(recipe, sentences)
    for tokens, answer in zip(ODD, model.answer_tokens(ODD), strict=True):
        assert len(answer["tags"]) == len(answer["scores"]) == len(tokens)
        assert set(answer["tags"]) <= set(model.lexicon.tags)
        assert all(0 < score <= 1 for score in answer["scores"])


@every_network
def test_answer_does_not_depend_on_other_sentences(recipe, sentences):
    model = small(recipe, sentences)
    rows = [["Bonn", "lies", "there"], [], ["Go"], ["a"] * 40]
    for tokens, answer in zip(rows, model.answer_tokens(rows), strict=True):
        (alone,) = model.answer_tokens([tokens])
        assert alone["tags"] == answer["tags"]
        np.testing.assert_allclose(alone["scores"], answer["scores"], atol=1e-5)


def test_fit_compiled_by_xla_with_an_intent_has_a_loss(sentences):
    """As users train; other tests run eagerly."""
    model = small("tagging_char_bilstm_crf", sentences, intent=True)
    model.run_eagerly = False
    batches = model.pipeline(sentences.take(4), training=True)
    log = model.fit(batches, verbose=0)
    assert np.isfinite(log.history["loss"]).all()


def test_saved_model_answers_invalid_utf8_with_replacement_characters(
    sentences, tmp_path
):
    path = small("tagging_gru", sentences).export_saved_model(tmp_path)
    loaded = tf.saved_model.load(str(path)).signatures
    asked = {
        "serving_default": {"text": tf.constant([b"a\xff"])},
        "tokens": {"tokens": tf.constant([[b"a\xff"]]), "lengths": tf.constant([1])},
    }
    for name, request in asked.items():
        tokens = loaded[name](**request)["tokens"].numpy()[0]
        assert b"".join(tokens).decode() == "a\ufffd"


def test_answers_in_half_precision_are_float32(sentences):
    half = {"dtype": "mixed_bfloat16", "intent": True}
    model = small("tagging_char_bilstm_crf", sentences, **half)
    answer = model.answer_in_graph(tf.constant([["Bonn"]]))
    assert answer["scores"].dtype == answer["intent_score"].dtype == tf.float32


@pytest.mark.parametrize("recipe", ["tagging_bilstm", "tagging_bilstm_crf"])
def test_loss_ignores_padding(recipe, sentences):
    """By NumPy, or by the likelihood of each sentence alone under the CRF."""
    model = small(recipe, sentences)
    (ids, tags, weights) = next(iter(model.pipeline(sentences)))
    scores = model(ids)
    mask = ids["words"].numpy() > 0
    if recipe.endswith("crf"):
        crf = model.network.get_layer("crf")
        rows = [
            -crf.log_likelihood(tags[i : i + 1, :n], scores[i : i + 1, :n])[0]
            for i, n in enumerate(mask.sum(1))
        ]
        expected = np.mean(rows)
    else:
        chosen = np.take_along_axis(
            tf.nn.log_softmax(scores).numpy(), tags.numpy()[..., None], axis=2
        )
        expected = -chosen[mask].mean()
    assert weights.numpy().any(axis=-1).all()
    got = model.compute_loss(ids, tags, scores, weights)
    np.testing.assert_allclose(got, expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("recipe", "intent"), [("tagging_gru", False), ("tagging_bilstm_crf", True)]
)
def test_compute_loss_after_fit_is_that_of_evaluate(recipe, intent, sentences):
    model = small(recipe, sentences, intent=intent)
    model.run_eagerly, model.jit_compile = False, False
    batches = model.pipeline(sentences.take(3))
    model.fit(batches, verbose=0)
    ((ids, answers, weights),) = batches
    loss = model.compute_loss(ids, answers, model(ids), weights)
    model.run_eagerly = True
    logs = model.evaluate(batches, verbose=0, return_dict=True)
    np.testing.assert_allclose(loss, logs["loss"], rtol=1e-5)


def test_loss_with_crf_and_intents_is_their_weighted_sum(sentences):
    model = small("tagging_bilstm_crf", sentences, intent=True, intent_weight=2.0)
    ids, answers, weights = next(iter(model.pipeline(sentences)))
    outputs = model(ids)
    rows = tf.range(len(outputs["intent"]))
    pairs = tf.stack([rows, answers["intent"]], axis=1)
    of_intents = -tf.gather_nd(tf.nn.log_softmax(outputs["intent"]), pairs)
    of_tags = CRFLoss(model.network.get_layer("crf"))(
        answers["tags"], outputs["tags"], mask=ids["words"] > 0
    )
    expected = of_tags + 2 * tf.reduce_mean(of_intents)
    loss = model.compute_loss(ids, answers, outputs, weights)
    np.testing.assert_allclose(loss, expected, rtol=1e-5)


@pytest.mark.filterwarnings("ignore:.*scheme")
@pytest.mark.parametrize("constrained", [True, False])
def test_constrained_answers_keep_to_the_scheme(sentences, constrained):
    """Unconstrained ones of the same weights do not."""
    kinds = tf.constant(["I-LOC", "B-LOC", "O", "I-PER", "B-PER"])
    named = sentences.enumerate().map(
        lambda i, row: (row[0], tf.fill(tf.shape(row[0]), kinds[i % 5]))
    )
    model = small("tagging_bilstm_crf", named, constrained=constrained)
    rng = np.random.default_rng(0)
    for weight in model.trainable_variables:
        weight.assign(rng.normal(0, 2, weight.shape))
    words = ["Bonn", "lies", "there", "Go", "home", "x"]
    answers = model.answer_tokens(rng.choice(words, (20, 9)).tolist())
    kept = [
        before[2:] == tag[2:] and before != "O"
        for answer in answers
        for before, tag in itertools.pairwise(["O", *answer["tags"]])
        if tag.startswith("I-")
    ]
    assert kept
    assert all(kept) == constrained


@pytest.mark.slow
def test_model_with_intents_learns_them(sentences):
    model = small("tagging_bilstm", sentences, intent=True, learning_rate=0.05)
    model.run_eagerly = False
    model.fit(model.pipeline(sentences, training=True), epochs=20, verbose=0)
    rows = [["Go", "home"], ["Bonn", "lies", "there"]]
    answers = model.answer_tokens(rows)
    assert [answer["intent"] for answer in answers] == ["order", "news"]
    assert answers[0]["tags"] == ["VERB", "NOUN"]


def test_adapt_with_word_vectors_assigns_them_and_adds_words(sentences, tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("rome 5 6 7 8\nnever 0 0 0 0\nbonn 1 2 3 4\n")
    known = len(small("tagging_bilstm", sentences).lexicon.vocabulary)
    model = small("tagging_bilstm", embedding_dim=4, vocabulary_size=2 + known + 1)
    model.adapt(sentences, word_vectors=path)
    table = model.network.get_layer("word_vectors").embeddings.numpy()
    words = model.lexicon.vocabulary
    assert words[known:] == ["rome"]  # There is no room for another.
    assert table[2 + words.index("rome")].tolist() == [5, 6, 7, 8]
    assert table[2 + words.index("bonn")].tolist() == [1, 2, 3, 4]


def test_answer_splits_raw_text(sentences):
    model = small("tagging_bilstm", sentences)
    (answer,) = model.answer("Bonn isn't there.")
    assert answer["tokens"] == ["Bonn", "is", "n't", "there", "."]
    assert model.answer([]) == []


def test_constrained_without_crf_raises():
    with pytest.raises(ValueError, match=r"constrained.*crf=True"):
        Tagger(constrained=True)


@pytest.mark.parametrize(
    ("intent", "intents"), [(True, None), (False, ["a", "b"])], ids=["none", "unused"]
)
def test_learned_intents_that_contradict_the_setting_raise(intent, intents):
    learned = {"vocabulary": ["a"], "tags": ["X"], "intents": intents}
    with pytest.raises(ValueError, match="intents"):
        Tagger(units=4, intent=intent, learned=learned)


@pytest.mark.parametrize(
    "dataset",
    [
        [("a", "b")],
        tf.data.Dataset.from_tensor_slices(["a"]),
        tf.data.Dataset.from_tensor_slices((["a"], ["b"])),
        tf.data.Dataset.from_tensor_slices(([["a"]], [[1]])),
    ],
    ids=["list", "texts", "labels", "numbers"],
)
def test_adapt_to_other_examples_raises(dataset):
    with pytest.raises(ValueError, match=r"Expected examples of \(tokens, tags\)"):
        small("tagging_gru").adapt(dataset)


def test_adapt_to_sentences_without_the_intent_raises():
    dataset = sentence_dataset([Sentence(["a"], ["X"])])
    with pytest.raises(ValueError, match="`intent`"):
        small("tagging_gru", dataset, intent=True)


def test_adapt_of_a_constrained_model_warns_of_tags_that_break_the_scheme():
    """IOB1 begins a span with "I-", which is then never answered."""
    rows = [Sentence(["Bonn"], ["I-LOC"]), Sentence(["Bonn", "lies"], ["B-LOC", "O"])]
    message = r"1 of 2 sentences.*number 0.*\['I-LOC'\]"
    with pytest.warns(UserWarning, match=message):
        small("tagging_bilstm_crf", sentence_dataset(rows), constrained=True)
    small("tagging_bilstm_crf", sentence_dataset(rows))


def test_answer_splits_raw_text_as_the_training_data(sentences):
    whole = sentences.concatenate(sentence_dataset([Sentence(["St."], ["NOUN"], "x")]))
    for data, tokens in ((sentences, ["St", ".", "x"]), (whole, ["St.", "x"])):
        (answer,) = small("tagging_gru", data).answer("St. x")
        assert answer["tokens"] == tokens


def test_adapt_of_a_constrained_model_to_tags_of_no_scheme_raises(sentences):
    with pytest.raises(ValueError, match=r"IOB2 or IOBES.*VERB"):
        small("tagging_bilstm_crf", sentences, constrained=True)


def test_answer_all_keeps_the_order_of_the_examples(sentences):
    model = varied(small("tagging_bilstm", sentences, intent=True))
    rows = read_sentences(sentences, intent=True)
    answers = model.answer_all(sentences)
    assert answers == model.answer_tokens([row.tokens for row in rows])
    scores = measure_sentences(rows, answers, "accuracy")
    assert model.measure(sentences) == model.measure(sentences, answers) == scores
    logs = model.evaluate(sentences, verbose=0, return_dict=True)
    assert scores.items() <= logs.items()


@pytest.mark.parametrize(
    ("tags", "intents", "monitor"),
    [
        (["O", "B-LOC"], None, "f1"),
        (["NOUN", "VERB"], None, "accuracy"),
        (["O", "B-LOC"], ["x", "y"], "whole_sentences"),
    ],
)
def test_monitor_is_a_metric_of_the_tags_or_of_whole_sentences(tags, intents, monitor):
    learned = {"vocabulary": ["a"], "tags": tags, "intents": intents}
    model = small("tagging_gru", intent=intents is not None, learned=learned)
    assert model.monitor == monitor
    y = [[tags[1]]] if intents is None else ([[tags[1]]], ["x"])
    assert monitor in model.validate(model.examples([["a"]], y))
