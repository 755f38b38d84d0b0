"""The text classifier, whatever its cell."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.models import small, uncompiled
from tensorflow.core.protobuf import saved_model_pb2

from rnnzoo.recipes import list_recipes
from rnnzoo.tasks.classification.model import TextClassifier

every_recipe = pytest.mark.parametrize("recipe", list_recipes("sentiment_*"))
ODD_TEXTS = ["", " \t\u00a0", "\U0001f600\U0001f44d", b"\xff\xfe\xfa", "good " * 40_000]


@every_recipe
def test_odd_texts_get_an_answer(recipe, reviews):
    model = small(recipe, reviews)
    for answer in model.predict_text(ODD_TEXTS):
        assert answer["label"] in model.class_names
        assert answer["score"] == max(answer["probabilities"])
        assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-6)
        assert answer["classes"] == model.class_names


@every_recipe
def test_an_answer_does_not_depend_on_its_neighbours(recipe, reviews):
    model = small(recipe, reviews)
    texts = ["a good film", *ODD_TEXTS]
    together = model.predict_text(texts)
    for text, answer in zip(texts, together, strict=True):
        (alone,) = model.predict_text(text)
        np.testing.assert_allclose(
            alone["probabilities"], answer["probabilities"], atol=1e-6
        )


@every_recipe
def test_saved_model_answers_as_the_model(recipe, reviews, tmp_path):
    model = small(recipe, reviews)
    path = model.export_saved_model(tmp_path)
    serve = tf.saved_model.load(str(path)).signatures["serving_default"]
    served = serve(text=tf.constant(ODD_TEXTS))
    expected = model.predict_text(ODD_TEXTS)
    np.testing.assert_allclose(
        served["probabilities"], [e["probabilities"] for e in expected], atol=1e-6
    )
    assert [b.decode() for b in served["label"].numpy()] == [
        e["label"] for e in expected
    ]
    assert {k: v.dtype.name for k, v in served.items()} == {
        "label": "string",
        "score": "float32",
        "probabilities": "float32",
        "classes": "string",
    }


@every_recipe
def test_exported_graph_is_plain(recipe, reviews, tmp_path):
    """Nothing in it that a server with XLA off, or without Python, cannot run."""
    path = small(recipe, reviews).export_saved_model(tmp_path)
    graph = saved_model_pb2.SavedModel.FromString(
        (path / "saved_model.pb").read_bytes()
    )
    (meta_graph,) = graph.meta_graphs
    functions = meta_graph.graph_def.library.function
    nodes = [*meta_graph.graph_def.node, *(n for f in functions for n in f.node_def)]
    assert any("StringSplit" in n.op for n in nodes)
    assert not any("PyFunc" in n.op or "Random" in n.op for n in nodes)
    assert not any("_gradient_op_type" in n.attr for n in nodes)
    assert not any("_XlaMustCompile" in n.attr for n in nodes)


@every_recipe
def test_file_round_trip(recipe, reviews, tmp_path):
    model = small(recipe, reviews)
    model.fit(model.pipeline(reviews), epochs=1, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    texts = ["a good film", "bad"]
    assert loaded.predict_text(texts) == model.predict_text(texts)
    assert loaded.get_config() == model.get_config()
    assert loaded.optimizer.iterations == model.optimizer.iterations
    uncompiled(loaded).fit(loaded.pipeline(reviews), epochs=1, verbose=0)


@every_recipe
def test_training_is_reproducible(recipe, reviews):
    weights = []
    for _ in range(2):
        keras.utils.set_random_seed(7)
        model = small(recipe, reviews)
        model.fit(model.pipeline(reviews, training=True), epochs=1, verbose=0)
        weights.append(model.get_weights())
    for first, second in zip(*weights, strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("recipe", ["sentiment_lstm", "sentiment_bilstm"])
def test_depth(recipe, reviews):
    shallow, deep = (small(recipe, reviews, num_layers=n) for n in (1, 3))
    kernels = [w for w in deep.weights if w.name == "recurrent_kernel"]
    assert len(kernels) == 3 * sum(
        w.name == "recurrent_kernel" for w in shallow.weights
    )
    deep.fit(deep.pipeline(reviews).take(1), epochs=1, verbose=0)


@pytest.mark.parametrize("policy", ["float64", "mixed_bfloat16", "mixed_float16"])
def test_answers_are_float32_under_any_policy(policy, reviews):
    model = small("sentiment_gru", reviews, dtype=policy)
    answer = model.answer(tf.constant(["good"]))
    assert answer["probabilities"].dtype == tf.float32
    model.fit(model.pipeline(reviews), epochs=1, verbose=0)
    model = small("sentiment_gru", reviews, dtype=policy, word_counts=False)
    compute = policy.removeprefix("mixed_")
    # The first two hold ids, the last one gives the logits.
    layers = model.network.layers[2:-1]
    assert {layer.compute_dtype for layer in layers} == {compute}


def test_ids_in_the_pipeline_are_those_of_the_graph(reviews):
    """Every text, through `pipeline` and through the exported `vectorizer`."""
    model = small(dataset=reviews)
    texts = [text for text, _ in reviews.as_numpy_iterator()]
    seen = []
    for ids, _, weights in model.pipeline(reviews).as_numpy_iterator():
        seen += [row[row > 0].tolist() for row in ids[weights > 0]]
    graph = tf.function(model.vectorizer)(tf.constant(texts)).numpy()
    assert sorted(seen) == sorted(row[row > 0].tolist() for row in graph)


def test_many_classes():
    texts = ["who", "where", "when"] * 8
    dataset = tf.data.Dataset.from_tensor_slices((texts, [0, 1, 2] * 8))
    model = small(
        "sentiment_bag_of_words",
        dataset,
        class_names=["person", "place", "time"],
        learning_rate=0.5,
    )
    model.fit(model.pipeline(dataset, training=True), epochs=5, verbose=0)
    assert [a["label"] for a in model.predict_text(["when", "who"])] == [
        "time",
        "person",
    ]
    labels, predictions = model.labels_and_predictions(dataset)
    assert labels.tolist() == predictions.tolist()


def test_evaluation_counts_every_example_once(reviews):
    """Against a count by hand; nine examples fill batches of four with padding."""
    model = small(dataset=reviews)
    texts, labels = zip(*reviews.as_numpy_iterator(), strict=True)
    answers = [a["label"] for a in model.predict_text(list(texts))]
    right = np.mean(
        [a == model.class_names[y] for a, y in zip(answers, labels, strict=True)]
    )
    metrics = model.evaluate(model.pipeline(reviews), verbose=0, return_dict=True)
    assert metrics["accuracy"] == pytest.approx(right)
    truth, answered = model.labels_and_predictions(reviews)
    assert np.mean(truth == answered) == pytest.approx(right)
    assert len(truth) == 9


def test_order_matters_to_a_recurrent_model_only(reviews):
    forth, back = "good bad film", "film bad good"
    for recipe, differs in [
        ("sentiment_lstm", True),
        ("sentiment_bag_of_words", False),
    ]:
        model = small(recipe, reviews, learning_rate=0.1)
        model.fit(model.pipeline(reviews), epochs=2, verbose=0)
        first, second = (a["score"] for a in model.predict_text([forth, back]))
        assert (abs(first - second) > 1e-6) == differs


def test_a_label_without_a_name():
    for label in (5, -1):
        dataset = tf.data.Dataset.from_tensor_slices((["a", "b"], [0, label]))
        with pytest.raises(
            ValueError, match=f"has label {label}, but .* names the lab"
        ):
            small(dataset=dataset)


def test_bad_arguments():
    with pytest.raises(ValueError, match=r"Unknown cell 'ltsm'. Did you mean 'lstm'"):
        TextClassifier("ltsm")
    for names in (["one"], "ab", None, ["one", "one"]):
        with pytest.raises(ValueError, match="`class_names` must be a list of at lea"):
            TextClassifier(class_names=names)


@pytest.mark.parametrize(
    "name",
    [
        *("units", "num_layers", "embedding_dim", "vocabulary_size", "batch_size"),
        *("max_length", "recurrent_length"),
    ],
)
@pytest.mark.parametrize("size", [0, -1, 2.5, True])
def test_sizes_are_positive(name, size):
    with pytest.raises(ValueError, match=f"`{name}` must be a positive .*, got {size}"):
        TextClassifier(**{name: size})


@pytest.mark.parametrize("name", ["word_dropout", "embedding_dropout", "dropout"])
def test_rates_are_below_one(name):
    with pytest.raises(ValueError, match=rf"`{name}` must be in \[0, 1\), got 1"):
        TextClassifier(**{name: 1})


def test_answering_traces_once(reviews, monkeypatch):
    model = small(dataset=reviews)
    traced = []
    call = model.call
    monkeypatch.setattr(
        model, "call", lambda *args, **kwargs: traced.append(1) or call(*args, **kwargs)
    )
    for text in ["good", "a bad film", ""]:
        model.predict_text(text)
    assert len(traced) == 1


def test_texts_that_are_none(reviews):
    model = small(dataset=reviews)
    assert model.predict_text([]) == []
    with pytest.raises(TypeError, match="number 1 is None"):
        model.predict_text(["good", None])


def test_more_texts_than_a_batch(reviews):
    model = small(dataset=reviews)
    texts = list(itertools.islice(itertools.cycle(["good", "bad", "a"]), 11))
    assert len(model.predict_text(texts)) == 11


IDS = np.array([[2, 3, 3, 0], [3, 0, 0, 0], [2, 2, 4, 4]])


def with_members(reviews):
    """A model without dropout, and the logits of both its classifiers for `IDS`."""
    model = small(dataset=reviews, word_dropout=0.0, embedding_dropout=0.0, dropout=0.0)
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(size=w.shape) for w in model.get_weights()])
    return model, model.network(IDS)


def test_the_answer_is_the_geometric_mean_of_both_probabilities(reviews):
    model, members = with_members(reviews)
    product = np.prod([tf.nn.softmax(logits) for logits in members], axis=0) ** 0.5
    expected = product / product.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(tf.nn.softmax(model(IDS)), expected, rtol=1e-5)


def test_in_training_each_classifier_has_the_loss_it_would_have_alone(reviews):
    """By NumPy, with weights; in evaluation it is the loss of the answer."""
    model, members = with_members(reviews)
    labels, weights = np.array([0, 1, 1]), np.array([1.0, 0.5, 0.0])

    def cross_entropy(logits):
        chosen = tf.nn.log_softmax(logits).numpy()[np.arange(3), labels]
        return -(weights * chosen).sum() / weights.sum()

    for training, expected in [
        (True, np.mean([cross_entropy(logits) for logits in members])),
        (False, cross_entropy(model(IDS))),
    ]:
        answer = model(IDS, training=training)
        loss = model.compute_loss(IDS, labels, answer, weights, training)
        np.testing.assert_allclose(loss, expected, rtol=1e-5)


@pytest.mark.parametrize("size", [1, 2])
def test_a_vocabulary_without_room_for_a_word(reviews, size):
    with pytest.raises(ValueError, match="`vocabulary_size` must be at least 3"):
        small(dataset=reviews, vocabulary_size=size)


def test_texts_without_a_word():
    blank = tf.data.Dataset.from_tensor_slices((["", " "], [0, 1]))
    with pytest.raises(ValueError, match="no word in the texts"):
        small(dataset=blank)
