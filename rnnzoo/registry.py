"""Registry of the recipes."""

import dataclasses
import fnmatch
import inspect
import textwrap
import typing
from collections.abc import Callable

from rnnzoo.docstrings import argument_docs
from rnnzoo.names import look_up

# Arguments of every model in addition to its settings.
_MODEL_ARGUMENTS = {
    "learned": "Result of `learn` for a model that needs no `adapt`.",
    "name": "Name of the model.",
    "dtype": 'Dtype or dtype policy, such as "mixed_bfloat16".',
}


@dataclasses.dataclass(frozen=True)
class Recipe:
    """Named model of a task, whose `settings` override the task's defaults.

    `build` returns the compiled model.
    """

    name: str
    task: type
    settings: dict
    build: Callable


_RECIPES: dict[str, Recipe] = {}


def recipe(task: type, **settings) -> Callable[[Callable], Callable]:
    """Registers a builder of compiled models under a function's name.

    Args:
        task: Class of the model, a `Task`.
        **settings: Overrides of the task's defaults.

    Returns:
        Decorator that replaces the function by the builder, which takes every setting
        as an argument and keeps the function's docstring.
    """

    def enter(function):
        def build(**overrides):
            model = task(**{**settings, **overrides})
            model.compile_defaults()
            return model

        build.__name__ = build.__qualname__ = function.__name__
        build.__module__ = function.__module__
        build.__signature__ = signature_of(task.Config, task, **settings)
        build.__doc__ = _docstring(function, task)
        _RECIPES[function.__name__] = Recipe(function.__name__, task, settings, build)
        return build

    return enter


def signature_of(
    config_class: type, returns: type | None = None, **defaults
) -> inspect.Signature:
    """Returns a signature with an argument for each field of a dataclass.

    Args:
        config_class: Dataclass.
        returns: Return annotation.
        **defaults: Overrides of the dataclass's defaults.
    """
    keyword = inspect.Parameter.KEYWORD_ONLY
    hints = typing.get_type_hints(config_class)
    parameters = [
        inspect.Parameter(
            field.name,
            keyword,
            default=defaults.get(field.name, field.default),
            annotation=hints[field.name],
        )
        for field in dataclasses.fields(config_class)
    ]
    parameters += [
        inspect.Parameter(name, keyword, default=None) for name in _MODEL_ARGUMENTS
    ]
    returned = inspect.Signature.empty if returns is None else returns
    return inspect.Signature(parameters, return_annotation=returned)


def list_recipes(pattern: str = "*") -> list[str]:
    """Returns the names of the recipes.

    Args:
        pattern: Shell-style pattern of the names, such as "*lstm*".
    """
    return fnmatch.filter(sorted(_RECIPES), pattern)


def find_recipe(name: str) -> Recipe:
    """Returns a recipe by name.

    Raises:
        ValueError: If there is no such recipe; suggests the nearest one.
    """
    return look_up("recipe", name, _RECIPES)


def recipes_of(task: type) -> list[str]:
    """Returns the names of the recipes of a task and of its subclasses."""
    return [name for name in list_recipes() if issubclass(_RECIPES[name].task, task)]


def build_recipe(name: str, **settings):
    """Returns a recipe's compiled model.

    Args:
        name: One of `list_recipes()`.
        **settings: Overrides of the recipe's defaults.

    Raises:
        ValueError: If there is no such recipe; suggests the nearest one.
    """
    return find_recipe(name).build(**settings)


def _docstring(function, task):
    """Returns the function's docstring with an `Args` section for all settings."""
    docs = argument_docs(*reversed(task.Config.__mro__[:-1])) | _MODEL_ARGUMENTS
    names = [field.name for field in dataclasses.fields(task.Config)]
    wrapper = textwrap.TextWrapper(
        88, initial_indent=" " * 4, subsequent_indent=" " * 8
    )
    arguments = [
        wrapper.fill(f"{name}: {docs[name]}") for name in (*names, *_MODEL_ARGUMENTS)
    ]
    about = inspect.getdoc(function)
    returned = f"Compiled `{task.__name__}`; `fit` or `adapt` creates its weights."
    return "\n".join(
        [about, "", "Args:", *arguments, "", "Returns:", f"    {returned}"]
    )
