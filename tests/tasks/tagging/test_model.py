"""The tagger, whatever its parts."""

import itertools
import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.models import small, uncompiled

from rnnzoo.recipes import list_recipes
from rnnzoo.tasks.tagging.model import Tagger
from rnnzoo.tasks.tagging.sentences import Sentence, sentence_dataset

every_recipe = pytest.mark.parametrize("recipe", list_recipes("tagging_*"))
ODD = [[], ["Bonn"], ["lies"] * 2000, ["\U0001f600", b"\xff\xfe", "x" * 999]]


@every_recipe
def test_odd_sentences_get_an_answer(recipe, sentences):
    model = small(recipe, sentences)
    for tokens, answer in zip(ODD, model.predict_tokens(ODD), strict=True):
        assert len(answer["tags"]) == len(answer["scores"]) == len(tokens)
        assert set(answer["tags"]) <= set(model.lexicon.tags)
        assert all(0 < score <= 1 for score in answer["scores"])


@every_recipe
def test_an_answer_does_not_depend_on_its_neighbours(recipe, sentences):
    model = small(recipe, sentences)
    rows = [["Bonn", "lies", "there"], [], ["Go"], ["a"] * 40]
    for tokens, answer in zip(rows, model.predict_tokens(rows), strict=True):
        (alone,) = model.predict_tokens([tokens])
        assert alone["tags"] == answer["tags"]
        np.testing.assert_allclose(alone["scores"], answer["scores"], atol=1e-5)


@pytest.mark.parametrize("recipe", ["tagging_char_bilstm", "tagging_bilstm_crf"])
def test_file_round_trip(recipe, sentences, tmp_path):
    model = small(recipe, sentences, intent=True)
    model.fit(model.pipeline(sentences), epochs=1, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert loaded.predict_text("Bonn lies") == model.predict_text("Bonn lies")
    assert json.dumps(loaded.get_config()) == json.dumps(model.get_config())
    uncompiled(loaded).fit(loaded.pipeline(sentences), epochs=1, verbose=0)


def test_training_is_reproducible(sentences):
    weights = []
    for _ in range(2):
        keras.utils.set_random_seed(7)
        model = small("tagging_char_bilstm", sentences)
        model.fit(model.pipeline(sentences, training=True), epochs=1, verbose=0)
        weights.append(model.get_weights())
    for first, second in zip(*weights, strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-5, atol=1e-7)


def test_a_compiled_step_with_an_intent(sentences):
    """XLA, as a user trains; the smaller tests train step by step."""
    model = small("tagging_char_bilstm_crf", sentences, intent=True)
    model.run_eagerly = False
    log = model.fit(model.pipeline(sentences, training=True), epochs=2, verbose=0)
    assert np.isfinite(log.history["loss"]).all()


@pytest.mark.parametrize("given", [["Bonn", "lies"], [["Bonn", ""]], [[b""]]])
def test_what_is_no_list_of_words(given, sentences):
    model = small("tagging_gru", sentences)
    with pytest.raises(ValueError, match="must be lists of words, none of them empty"):
        model.predict_tokens(given)


def test_sentences_may_come_one_by_one(sentences):
    model = small("tagging_gru", sentences)
    rows = [["Bonn"], ["It", "rains"]]
    assert model.predict_tokens(iter(rows)) == model.predict_tokens(rows)
    with pytest.raises(TypeError, match="`sentences` must hold `str` or `bytes`"):
        model.predict_tokens([["Bonn", 7]])


def test_bytes_that_are_no_text_are_answered_in_text(sentences, tmp_path):
    path = small("tagging_gru", sentences).export_saved_model(tmp_path)
    loaded = tf.saved_model.load(str(path)).signatures
    asked = {
        "serving_default": {"text": tf.constant([b"a\xff"])},
        "tokens": {"tokens": tf.constant([[b"a\xff"]]), "lengths": tf.constant([1])},
    }
    for name, request in asked.items():
        tokens = loaded[name](**request)["tokens"].numpy()[0]
        assert b"".join(tokens).decode() == "a\ufffd"


def test_depth(sentences):
    shallow, deep = (small("tagging_bilstm", sentences, num_layers=n) for n in (1, 3))
    kernels = [w for w in deep.weights if w.name == "recurrent_kernel"]
    assert len(kernels) == 3 * sum(
        w.name == "recurrent_kernel" for w in shallow.weights
    )


def test_scores_are_float32_in_half_precision(sentences):
    half = {"dtype": "mixed_bfloat16", "intent": True}
    model = small("tagging_char_bilstm_crf", sentences, **half)
    answer = model.answer_tokens(tf.constant([["Bonn"]]))
    assert answer["scores"].dtype == answer["intent_score"].dtype == tf.float32
    model.fit(model.pipeline(sentences), epochs=1, verbose=0)


@pytest.mark.parametrize("recipe", ["tagging_bilstm", "tagging_bilstm_crf"])
def test_padding_does_not_count_in_the_loss(recipe, sentences):
    """By NumPy, or by the CRF's own likelihood of each sentence alone."""
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


@pytest.mark.filterwarnings("ignore:.*tags that the scheme of `tags`")
@pytest.mark.parametrize("constrained", [True, False])
def test_constrained_answers_keep_the_scheme(sentences, constrained):
    """With the same weights, others do not."""
    kinds = tf.constant(["I-LOC", "B-LOC", "O", "I-PER", "B-PER"])
    named = sentences.enumerate().map(
        lambda i, row: (row[0], tf.fill(tf.shape(row[0]), kinds[i % 5]))
    )
    model = small("tagging_bilstm_crf", named, constrained=constrained)
    rng = np.random.default_rng(0)
    for weight in model.trainable_variables:
        weight.assign(rng.normal(0, 2, weight.shape))
    words = ["Bonn", "lies", "there", "Go", "home", "x"]
    answers = model.predict_tokens(rng.choice(words, (20, 9)).tolist())
    kept = [
        before[2:] == tag[2:] and before != "O"
        for answer in answers
        for before, tag in itertools.pairwise(["O", *answer["tags"]])
        if tag.startswith("I-")
    ]
    assert kept
    assert all(kept) == constrained


@pytest.mark.slow
def test_intents_are_learned(sentences):
    model = small("tagging_bilstm", sentences, intent=True, learning_rate=0.05)
    model.run_eagerly = False
    model.fit(model.pipeline(sentences, training=True), epochs=20, verbose=0)
    rows = [["Go", "home"], ["Bonn", "lies", "there"]]
    answers = model.predict_tokens(rows)
    assert [answer["intent"] for answer in answers] == ["order", "news"]
    assert answers[0]["tags"] == ["VERB", "NOUN"]


def test_word_vectors(sentences, tmp_path):
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


def test_raw_text(sentences):
    model = small("tagging_bilstm", sentences)
    (answer,) = model.predict_text("Bonn isn't there.")
    assert answer["tokens"] == ["Bonn", "is", "n't", "there", "."]
    assert model.predict_text([]) == []


def test_bad_arguments():
    with pytest.raises(ValueError, match=r"Unknown cell 'ltsm'. Did you mean 'lstm'"):
        Tagger("ltsm")
    with pytest.raises(ValueError, match="`units` must be a positive"):
        Tagger(units=0)
    with pytest.raises(ValueError, match=r"`word_dropout` must be in \[0, 1\)"):
        Tagger(word_dropout=1)
    with pytest.raises(ValueError, match=r"`constrained` .* needs a CRF"):
        Tagger(constrained=True)
    with pytest.raises(ValueError, match="`word_length` must be a positive"):
        Tagger(word_length=-1)
    with pytest.raises(ValueError, match="`vocabulary` and `tags` go together"):
        Tagger(vocabulary=["a"])
    known = {"vocabulary": ["a"], "tags": ["X"]}
    alone = {"intents": ["a"]}
    for given in ({**known, "intent": True}, {**known, **alone}, alone):
        with pytest.raises(ValueError, match="`intents` go with `intent=True`"):
            Tagger(**given)


def test_sentences_that_break_the_scheme():
    """IOB1 begins a span with "I-": such tags are never answered."""
    rows = [Sentence(["Bonn"], ["I-LOC"]), Sentence(["Bonn", "lies"], ["B-LOC", "O"])]
    message = r"1 of 2 sentences .* the first is number 0, from 0: \['I-LOC'\]"
    with pytest.warns(UserWarning, match=message):
        small("tagging_bilstm_crf", sentence_dataset(rows), constrained=True)
    small("tagging_bilstm_crf", sentence_dataset(rows))


def test_words_that_the_corpus_does_not_part(sentences):
    """Raw text is parted as the training data are."""
    whole = sentences.concatenate(sentence_dataset([Sentence(["St."], ["NOUN"], "x")]))
    for data, tokens in ((sentences, ["St", ".", "x"]), (whole, ["St.", "x"])):
        (answer,) = small("tagging_gru", data).predict_text("St. x")
        assert answer["tokens"] == tokens


def test_tags_of_no_scheme_cannot_be_constrained(sentences):
    with pytest.raises(ValueError, match="scheme IOB2 or IOBES"):
        small("tagging_bilstm_crf", sentences, constrained=True)
