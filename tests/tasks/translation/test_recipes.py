"""The translation recipes: compiled, and learning what they should."""

import pytest
from harness.models import small

from rnnzoo.recipes import build_recipe, list_recipes, translation_gru_attention
from rnnzoo.tasks.translation.recipes import translation


@pytest.mark.parametrize("recipe", list_recipes("translation_*"))
def test_compiled_with_xla_and_clipping(recipe, translations):
    model = small(recipe, translations)
    assert model.jit_compile
    assert model.optimizer.global_clipnorm == 1.0
    assert (model.attention is not None) == recipe.endswith("attention")


def test_attention_goes_with_a_conditional_decoder_unless_told_otherwise():
    for recipe in list_recipes("translation_*_attention"):
        assert build_recipe(recipe).get_config()["conditional"]
        own = build_recipe(recipe, conditional=False, decoder_layers=3).get_config()
        assert (own["conditional"], own["decoder_layers"]) == (False, 3)


def test_every_setting_may_differ():
    model = translation_gru_attention(
        units=3, learning_rate=0.5, attention="general", label_smoothing=0.3
    )
    assert model.attention == "general"
    assert model.get_config()["units"] == 3
    assert model.optimizer.learning_rate == 0.5
    assert model.loss.label_smoothing == 0.3
    with pytest.raises(ValueError, match="`learning_rate` must be a positive number"):
        translation("gru", learning_rate=-1)
    with pytest.raises(ValueError, match=r"`label_smoothing` must be in \[0, 1\)"):
        translation("gru", label_smoothing=1.0)


@pytest.mark.slow
def test_texts_are_learned_by_heart(translations):
    settings = {"units": 16, "embedding_dim": 16, "batch_size": 4, "max_length": 16}
    undropped = {"embedding_dropout": 0.0, "dropout": 0.0, "vocabulary": "word"}
    model = translation_gru_attention(**settings, **undropped, learning_rate=0.02)
    model.adapt(translations)
    model.fit(model.pipeline(translations, training=True), epochs=60, verbose=0)
    for text, translated in translations.take(3).as_numpy_iterator():
        assert model.predict_text(text)[0]["translation"] == translated.decode()
        assert model.predict_beam(text)[0]["translations"][0] == translated.decode()
