"""The list of recipes, and the builders in it."""

import inspect

import pytest

import rnnzoo
from rnnzoo import recipes
from rnnzoo.recipes import build_recipe, list_recipes
from rnnzoo.registry import find_recipe, recipes_of
from rnnzoo.tasks.base import Task

# Other tests of the same process may register a recipe of their own.
OURS = [
    name for name in list_recipes() if "rnnzoo." in find_recipe(name).task.__module__
]
every_recipe = pytest.mark.parametrize("name", OURS)


def test_list_recipes_matches_patterns():
    assert rnnzoo.list_recipes() == list_recipes()
    assert list_recipes("sentiment_*lstm") == ["sentiment_bilstm", "sentiment_lstm"]
    assert list_recipes("nothing*") == []


def test_an_unknown_recipe_suggests_the_nearest():
    with pytest.raises(ValueError, match=r"'sentiment_ltsm'.*'sentiment_lstm'"):
        build_recipe("sentiment_ltsm")


@every_recipe
def test_a_builder_is_public_and_documents_every_setting(name):
    builder = getattr(recipes, name)
    assert name in recipes.__all__
    assert builder.__name__ == name
    signature = inspect.signature(builder)
    settings = find_recipe(name).task.Config.settings()
    assert set(signature.parameters) == {*settings, "learned", "name", "dtype"}
    for setting in settings:
        assert f"\n    {setting}: " in builder.__doc__
    first = builder.__doc__.splitlines()[0]
    assert first.endswith(".")


@every_recipe
def test_a_builder_shows_the_defaults_that_it_builds_with(name):
    model = getattr(recipes, name)()
    assert isinstance(model, Task)
    assert model.optimizer is not None
    shown = inspect.signature(getattr(recipes, name)).parameters
    for setting in model.config.settings():
        assert getattr(model.config, setting) == shown[setting].default


def test_settings_of_a_recipe_are_overridden():
    model = recipes.sentiment_bilstm(bidirectional=False, units=3, learning_rate=0.5)
    assert not model.config.bidirectional
    assert model.config.units == 3
    assert float(model.optimizer.learning_rate) == 0.5


def test_recipes_of_a_task_are_those_of_its_subclasses_too():
    assert recipes_of(Task) == list_recipes()
    lstm = find_recipe("sentiment_lstm").task
    assert recipes_of(lstm) == list_recipes("sentiment_*")


def test_a_recurrent_recipe_is_what_its_name_says():
    """No other classifier answers together with it, unless its name says so."""
    for name in list_recipes("sentiment_*"):
        model = build_recipe(name, vocabulary_size=9)
        model.adapt(["a film", "bad"], [1, 0])
        kinds = {type(layer).__name__ for layer in model.network.layers}
        counts = "BagOfWords" in kinds
        assert counts == (name.endswith(("word_counts", "bag_of_words")))
        assert ("RecurrentEncoder" in kinds) == (name != "sentiment_bag_of_words")
