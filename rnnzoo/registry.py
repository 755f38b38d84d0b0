"""The list of recipes, and the decorator that enters one."""

import dataclasses
import fnmatch
import inspect
import textwrap
import typing
from collections.abc import Callable

from rnnzoo.docstrings import argument_docs
from rnnzoo.names import look_up

# Arguments of every model besides its settings.
_MODEL_ARGUMENTS = {
    "name": "Name of the model.",
    "dtype": 'Dtype or dtype policy, such as "mixed_bfloat16".',
}


@dataclasses.dataclass(frozen=True)
class Recipe:
    """A named model with settings of its own.

    Attributes:
        name: Its name.
        task: Class of the model.
        settings: Its settings where they differ from the task's defaults.
        build: Function that builds the compiled model.
    """

    name: str
    task: type
    settings: dict
    build: Callable


_RECIPES: dict[str, Recipe] = {}


def recipe(task: type, **settings) -> Callable[[Callable], Callable]:
    """Makes a builder of compiled models from a function's name and docstring.

    Args:
        task: Class of the model, a `Task`.
        **settings: Settings that differ from the task's defaults.

    Returns:
        Decorator. The builder takes every setting as an argument; its signature and
        docstring show them all.
    """

    def enter(function):
        def build(**overrides):
            model = task(**{**settings, **overrides})
            model.compile_defaults()
            return model

        build.__name__ = build.__qualname__ = function.__name__
        build.__module__ = function.__module__
        build.__signature__ = signature_of(task.Config, task, **settings)
        build.__doc__ = _documentation(function, task)
        _RECIPES[function.__name__] = Recipe(function.__name__, task, settings, build)
        return build

    return enter


def signature_of(
    config_class: type, returns: type | None = None, **defaults
) -> inspect.Signature:
    """Returns a signature with an argument for each field of a dataclass.

    Args:
        config_class: The dataclass.
        returns: Annotation of what is returned.
        **defaults: Defaults that differ from those of the dataclass.
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
        pattern: Only those that match, `*` standing for anything ("*lstm*").
    """
    return fnmatch.filter(sorted(_RECIPES), pattern)


def find_recipe(name: str) -> Recipe:
    """Returns a recipe by its name.

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


def _documentation(function, task):
    """The function's docstring, with an `Args` section for all settings."""
    docs = argument_docs(*reversed(task.Config.__mro__[:-1])) | _MODEL_ARGUMENTS
    names = [*(field.name for field in dataclasses.fields(task.Config))]
    lines = [
        textwrap.fill(
            f"{name}: {docs[name]}",
            width=88,
            initial_indent=" " * 4,
            subsequent_indent=" " * 8,
        )
        for name in (*names, *_MODEL_ARGUMENTS)
    ]
    return "\n".join(
        [
            inspect.getdoc(function),
            "",
            "Args:",
            *lines,
            "",
            "Returns:",
            f"    Compiled `{task.__name__}`; `fit` or `adapt` creates its weights.",
        ]
    )
