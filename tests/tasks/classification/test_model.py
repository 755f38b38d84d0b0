"""The text classifiers."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.models import small
from tensorflow.core.protobuf import saved_model_pb2

from rnnzoo.tasks.classification.model import TextClassifier

# One of each network; their cells are tested in `layers/test_encoder.py`.
NETWORKS = [
    "sentiment_bilstm",
    "sentiment_bag_of_words",
    "sentiment_lstm_with_word_counts",
]
ODD_TEXTS = ["", " \t\u00a0", "\U0001f600\U0001f44d", b"\xff\xfe\xfa", "good " * 40_000]


@pytest.fixture(scope="module", params=NETWORKS)
def exported(request, reviews, tmp_path_factory):
    """An adapted model of each network, and its SavedModel."""
    keras.utils.set_random_seed(1)
    model = small(request.param, reviews)
    return model, model.export_saved_model(tmp_path_factory.mktemp(request.param))


def test_answer_of_odd_texts_is_complete(exported):
    model, _ = exported
    for answer in model.answer(ODD_TEXTS):
        assert answer["label"] in model.class_names
        assert answer["score"] == max(answer["probabilities"])
        assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-6)
        assert answer["classes"] == model.class_names


def test_answer_does_not_depend_on_other_texts(exported):
    model, _ = exported
    texts = ["a good film", *ODD_TEXTS]
    together = model.answer(texts)
    for text, answer in zip(texts, together, strict=True):
        (alone,) = model.answer(text)
        np.testing.assert_allclose(
            alone["probabilities"], answer["probabilities"], atol=1e-6
        )


def test_saved_model_gives_the_same_answers(exported):
    model, path = exported
    serve = tf.saved_model.load(str(path)).signatures["serving_default"]
    served = serve(text=tf.constant(ODD_TEXTS))
    expected = model.answer(ODD_TEXTS)
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


def test_exported_graph_has_only_portable_operations(exported):
    """No XLA, no Python, nothing random."""
    _, path = exported
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


@pytest.mark.parametrize("policy", ["float64", "mixed_float16"])
def test_answers_are_float32_under_every_policy(policy, reviews):
    model = small("sentiment_gru", reviews, dtype=policy)
    answer = model.answer_ids(model.vectorizer(tf.constant(["good"])))
    assert answer["probabilities"].dtype == tf.float32
    model.fit(model.pipeline(reviews), epochs=1, verbose=0)
    compute = policy.removeprefix("mixed_")
    # The first two take ids, the last one returns the logits.
    layers = model.network.layers[2:-1]
    assert {layer.compute_dtype for layer in layers} == {compute}


def test_pipeline_encodes_like_the_exported_vectorizer(reviews):
    model = small(dataset=reviews)
    texts = [text for text, _ in reviews.as_numpy_iterator()]
    seen = []
    for ids, _, weights in model.pipeline(reviews).as_numpy_iterator():
        seen += [row[row > 0].tolist() for row in ids[weights > 0]]
    graph = tf.function(model.vectorizer)(tf.constant(texts)).numpy()
    assert sorted(seen) == sorted(row[row > 0].tolist() for row in graph)


def test_model_trained_on_three_classes_learns_them():
    texts = ["who", "where", "when"] * 8
    dataset = tf.data.Dataset.from_tensor_slices((texts, [0, 1, 2] * 8))
    model = small(
        "sentiment_bag_of_words",
        dataset,
        class_names=["person", "place", "time"],
        learning_rate=0.5,
    )
    model.fit(model.pipeline(dataset, training=True), epochs=5, verbose=0)
    assert [a["label"] for a in model.answer(["when", "who"])] == [
        "time",
        "person",
    ]
    labels, predictions = model.answer_all(dataset)
    assert labels.tolist() == predictions.tolist() == [0, 1, 2] * 8
    assert model.measure(dataset) == {"accuracy": 1.0}


def test_evaluate_counts_every_example_once(reviews):
    """Against a count by hand; nine examples fill batches of four with padding."""
    model = small(dataset=reviews)
    texts, labels = zip(*reviews.as_numpy_iterator(), strict=True)
    answers = [a["label"] for a in model.answer(list(texts))]
    right = np.mean(
        [a == model.class_names[y] for a, y in zip(answers, labels, strict=True)]
    )
    metrics = model.evaluate(model.pipeline(reviews), verbose=0, return_dict=True)
    assert metrics["accuracy"] == pytest.approx(right)
    raw = model.evaluate(reviews, verbose=0, return_dict=True)
    assert raw == pytest.approx(metrics)
    truth, predictions = model.answer_all(reviews)
    assert truth.tolist() == list(labels)
    assert [model.class_names[i] for i in predictions] == answers
    assert model.measure(reviews)["accuracy"] == pytest.approx(right, abs=1e-4)


@pytest.mark.parametrize(
    ("recipe", "differs"),
    [("sentiment_lstm", True), ("sentiment_bag_of_words", False)],
)
def test_word_order_matters_to_a_recurrent_model_only(recipe, differs, reviews):
    model = small(recipe, reviews, learning_rate=0.1)
    model.fit(model.pipeline(reviews), epochs=2, verbose=0)
    first, second = (
        a["score"] for a in model.answer(["good bad film", "film bad good"])
    )
    assert (abs(first - second) > 1e-6) == differs


def test_text_labels_are_learned_by_name():
    texts, labels = ["a good film", "bad", "so so"] * 3, ["pos", "neg", "mixed"] * 3
    model = small("sentiment_bag_of_words", learning_rate=0.5)
    model.fit(texts, labels, epochs=10, verbose=0)
    assert model.class_names == ["mixed", "neg", "pos"]
    assert [a["label"] for a in model.answer(texts[:3])] == labels[:3]
    numbers, _ = model.answer_all(model.examples(texts, labels))
    assert numbers.tolist() == [2, 1, 0] * 3


def test_describe_returns_the_accuracy_of_the_most_frequent_label(reviews):
    model = small(dataset=reviews)
    baselines = model.describe(None, model.answer_all(reviews))
    assert baselines == {"majority": pytest.approx(2 / 3, abs=1e-4)}


def test_adapt_to_a_label_without_a_name_raises():
    dataset = tf.data.Dataset.from_tensor_slices((["a", "b"], [0, 5]))
    with pytest.raises(ValueError, match="label 5"):
        small(dataset=dataset)


def test_cell_with_a_typing_error_raises_with_the_nearest():
    with pytest.raises(ValueError, match=r"cell 'ltsm'.*'lstm'"):
        TextClassifier(cell="ltsm")


def test_answer_traces_once(reviews, monkeypatch):
    model = small(dataset=reviews)
    traced = []
    call = model.call
    monkeypatch.setattr(
        model, "call", lambda *args, **kwargs: traced.append(1) or call(*args, **kwargs)
    )
    for text in ["good", "a bad film", ""]:
        model.answer(text)
    assert len(traced) == 1


def test_answer_of_no_texts_is_empty_and_of_none_raises(reviews):
    model = small(dataset=reviews)
    assert model.answer([]) == []
    with pytest.raises(TypeError, match=r"text.*row 1.*None"):
        model.answer(["good", None])


def test_answer_of_more_texts_than_a_batch_answers_all(reviews):
    model = small(dataset=reviews)
    texts = list(itertools.islice(itertools.cycle(["good", "bad", "a"]), 11))
    assert len(model.answer(texts)) == 11


@pytest.mark.parametrize("size", [1, 2])
def test_vocabulary_size_without_room_for_a_word_raises(reviews, size):
    with pytest.raises(ValueError, match=f"vocabulary_size.*3.*{size}"):
        small(dataset=reviews, vocabulary_size=size)


def test_adapt_to_texts_without_a_word_raises():
    blank = tf.data.Dataset.from_tensor_slices((["", " "], [0, 1]))
    with pytest.raises(ValueError, match="no word in the texts"):
        small(dataset=blank)
