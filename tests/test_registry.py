"""The list of recipes."""

import pytest

import rnnzoo
from rnnzoo import recipes
from rnnzoo.recipes import build_recipe, list_recipes


def test_list():
    assert rnnzoo.list_recipes() == list_recipes()
    assert list_recipes("sentiment_*lstm") == ["sentiment_bilstm", "sentiment_lstm"]
    assert list_recipes("nothing*") == []


def test_every_recipe_can_be_imported_and_is_described():
    for name in list_recipes():
        assert getattr(recipes, name).__doc__
        assert name in recipes.__all__


def test_unknown_recipe():
    with pytest.raises(ValueError, match="Did you mean 'sentiment_lstm'"):
        build_recipe("sentiment_ltsm")
