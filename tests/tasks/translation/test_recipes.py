"""The translation recipes: compiled, and able to learn."""

import pytest
from harness.models import small

from rnnzoo.recipes import build_recipe, list_recipes, translation_gru_attention


@pytest.mark.parametrize("recipe", list_recipes("translation_*"))
def test_recipe_compiles_with_xla_and_clipping(recipe):
    model = small(recipe)
    assert model.jit_compile
    assert model.optimizer.global_clipnorm == 1.0
    assert (model.config.attention is not None) == recipe.endswith("attention")


@pytest.mark.parametrize("recipe", list_recipes("translation_*_attention"))
def test_recipe_with_attention_is_conditional_by_default(recipe):
    assert build_recipe(recipe).config.conditional
    own = build_recipe(recipe, conditional=False, decoder_layers=3).config
    assert (own.conditional, own.decoder_layers) == (False, 3)


def test_recipe_takes_every_setting():
    model = translation_gru_attention(
        units=3,
        learning_rate=0.5,
        attention="general",
        label_smoothing=0.3,
        clipnorm=None,
    )
    assert (model.config.attention, model.config.units) == ("general", 3)
    assert float(model.optimizer.learning_rate) == 0.5
    assert model.optimizer.global_clipnorm is None
    assert model.loss.label_smoothing == 0.3


@pytest.mark.slow
def test_recipe_learns_a_few_texts_by_heart(translations):
    settings = {"units": 16, "embedding_dim": 16, "batch_size": 4, "max_length": 16}
    undropped = {"embedding_dropout": 0.0, "dropout": 0.0, "vocabulary": "word"}
    model = translation_gru_attention(**settings, **undropped, learning_rate=0.02)
    model.fit(translations, epochs=60, verbose=0)
    for text, translated in translations.take(3).as_numpy_iterator():
        assert model.answer(text)[0]["translation"] == translated.decode()
        assert model.answer_beam(text)[0]["translations"][0] == translated.decode()
