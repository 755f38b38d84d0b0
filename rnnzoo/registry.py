"""The list of recipes."""

import fnmatch
from collections.abc import Callable

import keras

from rnnzoo.names import look_up

Recipe = Callable[..., keras.Model]
_RECIPES: dict[str, Recipe] = {}


def recipe(function: Recipe) -> Recipe:
    """Decorator: enters a builder into the list, under its own name."""
    _RECIPES[function.__name__] = function
    return function


def list_recipes(pattern: str = "*") -> list[str]:
    """The names of the recipes.

    Args:
        pattern: only those that match, `*` standing for anything ("*lstm*").
    """
    return fnmatch.filter(sorted(_RECIPES), pattern)


def build_recipe(name: str, **settings) -> keras.Model:
    """Builds a recipe's compiled model.

    Args:
        name: one of `list_recipes()`.
        **settings: the builder's arguments, where they shall differ.

    Raises:
        ValueError: if there is no such recipe; suggests the nearest one.
    """
    return look_up("recipe", name, _RECIPES)(**settings)
