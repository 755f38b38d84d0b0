"""The translator, for any of its settings."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.models import small, uncompiled, varied

from rnnzoo.tasks.translation.model import Translator

# Settings that make training and tracing short.
SHORT = {"vocabulary": "word", "max_length": 6}


@keras.saving.register_keras_serializable("tests")
class OwnGRU(keras.layers.GRU):
    """A recurrent layer of the user."""


def test_saved_file_restores_a_model_with_a_layer_of_the_user(translations, tmp_path):
    settings = {"lowercase": True, "cell": OwnGRU, **SHORT}
    model = small("translation_gru", translations, **settings)
    model.fit(model.pipeline(translations), epochs=1, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert loaded.answer("Ein Hund") == model.answer("Ein Hund")
    assert json.dumps(loaded.get_config()) == json.dumps(model.get_config())
    uncompiled(loaded).fit(loaded.pipeline(translations), epochs=1, verbose=0)


def test_compiled_step_trains(translations):
    """XLA, as a user trains; the smaller tests train step by step."""
    settings = {"scheduled_sampling": 0.2, **SHORT}
    model = small("translation_gru_attention", translations, **settings)
    model.run_eagerly = False
    log = model.fit(translations, epochs=2, verbose=0)
    assert np.isfinite(log.history["loss"]).all()


def test_loss_ignores_padding_and_rows_that_fill_a_batch(translations):
    losses = []
    for size in (3, 4):
        keras.utils.set_random_seed(5)
        model = small("translation_gru", translations, batch_size=size, **SHORT)
        batches = model.pipeline(translations.take(3))
        losses.append(model.evaluate(batches, verbose=0))
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


def test_adapt_learns_one_vocabulary_or_two(translations):
    joint = small("translation_gru", translations, vocabulary="word")
    two = small(
        "translation_gru", translations, vocabulary="word", joint_vocabulary=False
    )
    learned = joint.get_config()["learned"]
    assert learned["source_vocabulary"] == learned["target_vocabulary"]
    learned = two.get_config()["learned"]
    assert " Hund" in learned["source_vocabulary"]
    assert " Hund" not in learned["target_vocabulary"]
    shared = [
        model.network.source_embedding is model.network.target_embedding
        for model in (joint, two)
    ]
    assert shared == [True, False]


def test_lowercase_ignores_case(translations):
    model = small("translation_gru", translations, vocabulary="word", lowercase=True)
    assert " hund" in model.learned["source_vocabulary"]
    assert model.answer("EIN HUND") == model.answer("ein hund")


@pytest.mark.parametrize("lowercase", [False, True])
def test_adapt_ignores_weights_of_examples(translations, lowercase):
    weighted = translations.map(lambda *pair: (*pair, 0.5))
    settings = {"vocabulary": "word", "lowercase": lowercase}
    expected = small("translation_gru", translations, **settings).learned
    assert small("translation_gru", weighted, **settings).learned == expected


@pytest.mark.parametrize(
    ("dtype", "attention", "conditional"),
    [
        ("mixed_bfloat16", "bahdanau", True),
        ("mixed_bfloat16", "general", False),
        ("mixed_float16", "dot", True),
        ("float64", "general", False),
    ],
)
def test_other_precision_trains_answers_and_is_exported(
    translations, dtype, attention, conditional, tmp_path
):
    how = {"attention": attention, "conditional": conditional, "beam_size": 2, **SHORT}
    how["bidirectional"] = attention != "dot"
    model = small("translation_gru_attention", translations, dtype=dtype, **how)
    history = model.fit(translations.take(3), verbose=0).history
    assert np.isfinite(history["loss"]).all()
    text = tf.constant(["Hund"])
    assert model.greedy_answers(text)["score"].dtype == tf.float32
    assert model.beam_answers(text)["scores"].dtype == tf.float32
    (alignment,) = model.read_attention(["Hund"])
    assert alignment.weights.dtype == np.float32
    assert varied(model).export_saved_model(tmp_path / "exported").exists()


@pytest.mark.parametrize(("times", "steps"), [(2, [0, 12, 16]), (5, [0, 15, 25])])
def test_max_steps_grow_with_the_source(times, steps):
    learned = {"source_vocabulary": [], "target_vocabulary": []}
    model = Translator(units=1, embedding_dim=1, steps_per_token=times, learned=learned)
    source = tf.constant([[2, 0, 0, 0], [5, 2, 0, 0], [5, 6, 7, 2]])
    assert model.max_steps(source).numpy().tolist() == steps


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"attention": "dot"}, r'"dot".* set `bidirectional=False`'),
        (
            {"conditional": True, "attention": "general"},
            r"`decoder_layers=2`, got 'general' and 1",
        ),
        (
            {"conditional": True, "attention": None, "decoder_layers": 2},
            r"got None and 2.*`conditional=False`",
        ),
        ({"attention": None, "coverage_penalty": 0.1}, "`coverage_penalty`.*None"),
        (
            {"share_embeddings": True, "joint_vocabulary": False},
            "`share_embeddings`.*`joint_vocabulary=True`.*False",
        ),
        ({"attention": "luong"}, "attention 'luong'"),
        ({"vocabulary": "words"}, r"'words'.*'word'"),
    ],
)
def test_settings_that_do_not_go_together_raise(settings, message):
    with pytest.raises(ValueError, match=message):
        Translator(**settings)


def test_shared_embeddings_of_two_vocabularies_raise():
    learned = {"source_vocabulary": [], "target_vocabulary": [[97, 98]]}
    with pytest.raises(ValueError, match="same list as `source_vocabulary`"):
        Translator(share_embeddings=True, learned=learned)


def test_vocabulary_of_another_kind_raises():
    learned = {"source_vocabulary": [], "target_vocabulary": ["ab"]}
    message = r"`target_vocabulary` is no subword vocabulary: .* must be pairs"
    with pytest.raises(ValueError, match=message):
        Translator(learned=learned)


def test_one_vocabulary_without_the_other_raises():
    with pytest.raises(ValueError, match="target_vocabulary"):
        Translator(learned={"source_vocabulary": []})
