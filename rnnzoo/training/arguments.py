"""The command line of a run: every flag follows from a declaration elsewhere."""

import argparse
import inspect
import typing
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rnnzoo.docstrings import argument_docs
from rnnzoo.names import look_up
from rnnzoo.registry import find_recipe, recipes_of

# The argument of `load` that --dataset sets.
_DATASET = "name"


class Parsed(NamedTuple):
    """Parsed command line, grouped by the functions that take the arguments.

    Attributes:
        arguments: Those of every run: recipe, epochs, output, ...
        settings: Settings of the model that were given.
        data: Arguments of the task's `load`.
        adapt: Further arguments of the model's `adapt`.
        report: Further arguments of the model's `report`.
    """

    arguments: argparse.Namespace
    settings: dict[str, Any]
    data: dict[str, Any]
    adapt: dict[str, Any]
    report: dict[str, Any]


def parse_arguments(argv: Sequence[str], task: type, recipe: str, about: str) -> Parsed:
    """Parses the command line of a run.

    Flags for the settings follow from the task's `Config`; those for the data from the
    signature of `load`; others from the keyword-only arguments of `adapt` and `report`.

    Args:
        argv: The command line.
        task: Class of the models, a `Task`.
        recipe: Name of the recipe that is trained by default.
        about: Text above the help.

    Raises:
        ValueError: If there is no such recipe of the task.
        SystemExit: For a wrong command line, and for `--help`.
    """
    chosen = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    chosen.add_argument("--recipe", default=recipe)
    name = chosen.parse_known_args(argv)[0].recipe
    known = recipes_of(task)
    look_up("recipe", name, dict.fromkeys(known))
    of_recipe = find_recipe(name)
    parser = argparse.ArgumentParser(
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _add_run(parser, recipe, known, task)
    groups = {
        "data": _parameters(task.load),
        "adapt": _parameters(of_recipe.task.adapt),
        "report": _parameters(of_recipe.task.report),
    }
    for title, parameters in groups.items():
        _add_parameters(parser.add_argument_group(title), parameters)
    settings = of_recipe.task.Config.settings()
    _add_settings(parser, settings, of_recipe.settings)
    arguments = parser.parse_args(argv)
    given = {
        title: _given(arguments, parameters) for title, parameters in groups.items()
    }
    _check(parser, arguments)
    _set_folders(arguments, given["data"])
    given["data"][_DATASET] = arguments.dataset
    # Flags that are not given are not in the namespace.
    overrides = {k: v for k, v in vars(arguments).items() if k in settings}
    return Parsed(arguments, overrides, **given)


def _add_run(parser, recipe, known, task):
    add = parser.add_argument
    add("--recipe", default=recipe, help=f"{', '.join(known)}; default: %(default)s")
    add("--dataset", default="embedded", help=_doc(task.load, _DATASET))
    add("--epochs", type=int, default=task.epochs, help="default: %(default)s")
    ends = "stop after this many epochs without improvement; default: %(default)s"
    add("--patience", type=int, default=task.patience, help=ends)
    add(
        "--average",
        type=int,
        default=1,
        help="number of best epochs whose weights are averaged; default: %(default)s",
    )
    add("--seed", type=int, default=0, help="default: %(default)s")
    add(
        "--output",
        help="folder for metrics and pictures; default: runs/RECIPE-DATASET-SEED",
    )
    add("--export-dir", help="folder of the exported models; default: saved_models")
    add("--results", help="CSV file to add the row of results to")
    add(
        "--dry-run",
        action="store_true",
        help="one epoch of three batches; all files go to dry-run in the output",
    )
    add(
        "--trained",
        metavar="RUN",
        help="measure and export a finished run once more, into RUN-again",
    )
    if task.baseline:
        add(
            "--baseline",
            action=argparse.BooleanOptionalAction,
            default=True,
            help=f"whether to train {task.baseline} for comparison",
        )


def _parameters(function: Callable) -> dict[str, Any]:
    """The keyword-only parameters of a function: name to (type, text of its help)."""
    hints = typing.get_type_hints(function)
    docs = argument_docs(function)
    return {
        name: (hints[name], docs.get(name, ""))
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }


def _add_parameters(group, parameters: Mapping[str, tuple[Any, str]]) -> None:
    for name, (hint, doc) in parameters.items():
        # Of `tuple[str, str] | None` the tuple.
        parts = typing.get_args(hint) or (hint,)
        kind = next(part for part in parts if part is not type(None))
        options: dict[str, Any] = {"help": doc.replace("%", "%%")}
        if typing.get_origin(kind) is tuple:
            options["nargs"] = len(typing.get_args(kind))
        elif typing.get_origin(kind) is not None:
            options["nargs"] = "*"
        elif kind in (int, float):
            options["type"] = kind
        group.add_argument(_flag(name), **options)


def _add_settings(parser, settings, of_recipe) -> None:
    group = parser.add_argument_group("settings of the model")
    for name, setting in settings.items():
        default = of_recipe.get(name, setting.default)
        text = f"{setting.doc} Default: {default}.".replace("%", "%%")
        options: dict[str, Any] = {"help": text, "default": argparse.SUPPRESS}
        if setting.kind.parse is bool:
            options["action"] = argparse.BooleanOptionalAction
        else:
            options |= {"type": _parser_of(setting), "metavar": setting.metavar}
        group.add_argument(_flag(name), **options)


def _parser_of(setting):
    def parse(text):
        return setting.parse(text)

    # argparse names the function in its errors.
    parse.__name__ = setting.metavar
    return parse


def _given(arguments, parameters) -> dict[str, Any]:
    values = {name: getattr(arguments, name) for name in parameters}
    return {name: value for name, value in values.items() if value is not None}


def _check(parser, arguments) -> None:
    for name in ("epochs", "average", "patience"):
        number = getattr(arguments, name)
        if number is not None and number < 1:
            parser.error(f"--{name} must be at least 1, got {number}")
    if arguments.seed < 0:
        parser.error(f"--seed must not be negative, got {arguments.seed}")
    if arguments.dry_run and arguments.results:
        parser.error("--results takes no --dry-run: three batches measure nothing")
    if arguments.dry_run and arguments.trained:
        parser.error("--trained takes no --dry-run: nothing is trained")
    places = [Path(p).resolve() for p in (arguments.output, arguments.trained) if p]
    if len(places) == 2 and places[0] == places[1]:
        parser.error("--output must not be the run that --trained measures again")


def _set_folders(arguments, data) -> None:
    if arguments.dry_run:  # Earlier runs and exports stay as they are.
        arguments.epochs = 1
        arguments.output = f"{arguments.output or 'runs'}/dry-run"
        arguments.export_dir = arguments.output
    arguments.output = arguments.output or _folder(arguments, data)
    arguments.export_dir = arguments.export_dir or "saved_models"


def _folder(arguments, data) -> str:
    """The folder of a run: its recipe, its data, its seed."""
    if arguments.trained:
        return f"{Path(arguments.trained)}-again"
    parts = [arguments.dataset.replace("/", "-")]
    files = {name: v for name, v in data.items() if name.startswith("train_file")}
    for value in files.values():
        paths = [value] if isinstance(value, str) else value
        parts = ["-".join(Path(path).name for path in paths)]
    parts += [v for k, v in data.items() if k not in files and "file" not in k]
    return "runs/" + "-".join(map(str, [arguments.recipe, *parts, arguments.seed]))


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _doc(function: Callable, name: str) -> str:
    return argument_docs(function)[name].replace("%", "%%")
