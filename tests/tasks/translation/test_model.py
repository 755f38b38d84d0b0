"""The translator, whatever its parts."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from harness.models import small, uncompiled, varied

from rnnzoo.tasks.translation.model import Translator

# What is trained here, the fewer steps the better.
SHORT = {"vocabulary": "word", "max_length": 6}


@pytest.mark.parametrize("recipe", ["translation_lstm", "translation_gru_attention"])
def test_file_round_trip(recipe, translations, tmp_path):
    model = small(recipe, translations, lowercase=True, **SHORT)
    model.fit(model.pipeline(translations), epochs=1, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert loaded.predict_text("Ein Hund") == model.predict_text("Ein Hund")
    assert json.dumps(loaded.get_config()) == json.dumps(model.get_config())
    uncompiled(loaded).fit(loaded.pipeline(translations), epochs=1, verbose=0)


@pytest.mark.parametrize("conditional", [True, False])
def test_a_compiled_step(translations, conditional):
    """XLA, as a user trains; the smaller tests train step by step."""
    settings = {"scheduled_sampling": 0.2, "conditional": conditional, **SHORT}
    model = small("translation_gru_attention", translations, **settings)
    model.run_eagerly = False
    log = model.fit(model.pipeline(translations, training=True), epochs=2, verbose=0)
    assert np.isfinite(log.history["loss"]).all()


def test_padding_and_rows_that_fill_a_batch_do_not_count(translations):
    losses = []
    for size in (3, 4):
        keras.utils.set_random_seed(5)
        model = small("translation_gru", translations, batch_size=size, **SHORT)
        batches = model.pipeline(translations.take(3))
        losses.append(model.evaluate(batches, verbose=0))
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


def test_one_vocabulary_or_two(translations):
    joint = small(dataset=translations, recipe="translation_gru", vocabulary="word")
    two = small(
        *("translation_gru", translations), vocabulary="word", joint_vocabulary=False
    )
    config = joint.get_config()
    assert config["source_vocabulary"] == config["target_vocabulary"]
    config = two.get_config()
    assert " Hund" in config["source_vocabulary"]
    assert " Hund" not in config["target_vocabulary"]
    shared = [
        each.network.source_embedding is each.network.target_embedding
        for each in (joint, two)
    ]
    assert shared == [True, False]


def test_lower_case(translations):
    model = small("translation_gru", translations, vocabulary="word", lowercase=True)
    assert " hund" in model.get_config()["source_vocabulary"]
    assert model.predict_text("EIN HUND") == model.predict_text("ein hund")


@pytest.mark.parametrize(
    ("dtype", "attention"),
    [
        ("mixed_bfloat16", "bahdanau"),
        ("mixed_bfloat16", "general"),
        ("mixed_float16", "dot"),
        ("float64", "general"),
    ],
)
@pytest.mark.parametrize("conditional", [False, True])
def test_other_precisions(translations, dtype, attention, conditional, tmp_path):
    settings = {"dtype": dtype, "attention": attention, "beam_size": 2, **SHORT}
    settings["conditional"] = conditional
    settings["bidirectional"] = attention != "dot"
    model = small("translation_gru_attention", translations, **settings)
    assert model.answer_texts(tf.constant(["Hund"]))["score"].dtype == tf.float32
    assert model.answer_beam(tf.constant(["Hund"]))["scores"].dtype == tf.float32
    (alignment,) = model.read_attention("Hund")
    assert alignment.weights.dtype == np.float32
    history = model.fit(model.pipeline(translations), epochs=1, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    model.save(tmp_path / "model.keras")
    twin = keras.models.load_model(tmp_path / "model.keras")
    assert twin.dtype_policy == model.dtype_policy
    text = ["Ein Hund"]
    assert twin.predict_text(text) == model.predict_text(text)
    assert varied(twin).export_saved_model(tmp_path / "exported").exists()


def test_what_is_no_pair_of_texts(translations, reviews):
    model = small("translation_gru")
    with pytest.raises(ValueError, match="two scalar strings"):
        model.adapt(reviews)
    model.adapt(translations)
    with pytest.raises(ValueError, match="not batched"):
        model.pipeline(translations.batch(2))


def test_bad_arguments():
    with pytest.raises(ValueError, match=r"Unknown cell 'ltsm'. Did you mean 'lstm'"):
        Translator("ltsm")
    with pytest.raises(ValueError, match=r"Unknown vocabulary 'words'. .* 'word'"):
        Translator(vocabulary="words")
    for name in ("lowercase", "joint_vocabulary"):
        with pytest.raises(ValueError, match=f"`{name}` must be True or False"):
            Translator(**{name: "x"})
    for name in ("beam_size", "steps_per_token"):
        with pytest.raises(ValueError, match=f"`{name}` must be a positive"):
            Translator(**{name: 0})
    with pytest.raises(ValueError, match="`coverage_penalty` needs attention"):
        Translator(attention=None, coverage_penalty=0.1)
    with pytest.raises(ValueError, match="`coverage_penalty` must not be negative"):
        Translator(coverage_penalty=-1)
    with pytest.raises(ValueError, match="`length_penalty` must be a finite number"):
        Translator(length_penalty="a")
    with pytest.raises(ValueError, match="set `joint_vocabulary=True` with it"):
        Translator(share_embeddings=True, joint_vocabulary=False)
    with pytest.raises(ValueError, match="give the same list as `source_vocabulary`"):
        Translator(
            share_embeddings=True, source_vocabulary=[], target_vocabulary=[[97, 98]]
        )
    with pytest.raises(ValueError, match="go together: give `target_vocabulary`, too"):
        Translator(source_vocabulary=["a"])
    message = r"`target_vocabulary` is no subword vocabulary: .* must be pairs"
    with pytest.raises(ValueError, match=message):
        Translator(source_vocabulary=[], target_vocabulary=["ab"])
