"""Command line of a run, whose flags are declared by tasks and their settings."""

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

    The task's `Config` declares the flags of the settings, the signature of `load`
    those of the data, and the keyword-only arguments of `adapt` and `report` others.

    Args:
        argv: Command line.
        task: Class of the models, a `Task`.
        recipe: Name of the default recipe.
        about: Text above the help.

    Raises:
        ValueError: If the task has no such recipe.
        SystemExit: For a wrong command line, and for `--help`.
    """
    first_pass = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    first_pass.add_argument("--recipe", default=recipe)
    name = first_pass.parse_known_args(argv)[0].recipe
    names = recipes_of(task)
    look_up("recipe", name, dict.fromkeys(names))
    chosen = find_recipe(name)
    parser = argparse.ArgumentParser(
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _add_run(parser, recipe, names, task)
    groups = {
        "data": _parameters(task.load),
        "adapt": _parameters(chosen.task.adapt),
        "report": _parameters(chosen.task.report),
    }
    for title, parameters in groups.items():
        _add_parameters(parser.add_argument_group(title), parameters)
    settings = chosen.task.Config.settings()
    _add_settings(parser, settings, chosen.settings)
    arguments = parser.parse_args(argv)
    _check(parser, arguments)
    values = vars(arguments)
    given = {
        title: {name: values[name] for name in parameters if values[name] is not None}
        for title, parameters in groups.items()
    }
    _set_folders(arguments, given["data"])
    given["data"][_DATASET] = arguments.dataset
    # Settings that are not given are not in the namespace.
    overrides = {name: value for name, value in values.items() if name in settings}
    chosen.task.Config(**{**chosen.settings, **overrides})  # Raises early.
    return Parsed(arguments, overrides, **given)


def _add_run(parser, recipe, names, task):
    add = parser.add_argument
    add("--recipe", default=recipe, help=f"{', '.join(names)}; default: %(default)s")
    text = argument_docs(task.load)[_DATASET].replace("%", "%%")
    add("--dataset", default="embedded", help=text)
    add("--epochs", type=int, default=task.epochs, help="default: %(default)s")
    text = "stop after this many epochs without improvement; default: %(default)s"
    add("--patience", type=int, default=task.patience, help=text)
    text = "number of best epochs whose weights are averaged; default: %(default)s"
    add("--average", type=int, default=1, help=text)
    add("--seed", type=int, default=0, help="default: %(default)s")
    text = "folder for metrics and pictures; default: runs/RECIPE-DATASET-SEED"
    add("--output", help=text)
    add("--export-dir", help="folder of the exported models; default: saved_models")
    add("--results", help="CSV file to add the row of results to")
    text = "train one epoch of three batches; write all files to dry-run in the output"
    add("--dry-run", action="store_true", help=text)
    text = "measure and export a finished run again, into RUN-again"
    add("--trained", metavar="RUN", help=text)
    if task.baseline:
        text = f"whether to train {task.baseline} for comparison"
        flag = argparse.BooleanOptionalAction
        add("--baseline", action=flag, default=True, help=text)


def _parameters(function: Callable) -> dict[str, Any]:
    """Returns the keyword-only parameters of a function: name to (type, help)."""
    hints = typing.get_type_hints(function)
    docs = argument_docs(function)
    return {
        name: (hints[name], docs.get(name, ""))
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }


def _add_parameters(group, parameters: Mapping[str, tuple[Any, str]]) -> None:
    for name, (hint, doc) in parameters.items():
        # `tuple[str, str] | None` is parsed as the tuple.
        parts = typing.get_args(hint) or (hint,)
        kind = next(part for part in parts if part is not type(None))
        options: dict[str, Any] = {"help": doc.replace("%", "%%")}
        if typing.get_origin(kind) is tuple:
            options["nargs"] = len(typing.get_args(kind))
        elif typing.get_origin(kind) is not None:
            options["nargs"] = "*"
        elif kind is bool:
            options["action"] = argparse.BooleanOptionalAction
        elif kind in (int, float, Path):
            options["type"] = kind
        group.add_argument(_flag(name), **options)


def _add_settings(parser, settings, defaults) -> None:
    group = parser.add_argument_group("settings of the model")
    for name, setting in settings.items():
        default = defaults.get(name, setting.default)
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
    output, trained = arguments.output, arguments.trained
    if output and trained and Path(output).resolve() == Path(trained).resolve():
        parser.error("--output must not be the run that --trained measures again")


def _set_folders(arguments, data) -> None:
    if arguments.dry_run:  # Keeps earlier runs and exports.
        arguments.epochs = 1
        arguments.output = f"{arguments.output or 'runs'}/dry-run"
        arguments.export_dir = arguments.output
    arguments.output = arguments.output or _folder(arguments, data)
    arguments.export_dir = arguments.export_dir or "saved_models"


def _folder(arguments, data) -> str:
    """Returns the folder of a run, named by its recipe, data and seed."""
    if arguments.trained:
        return f"{Path(arguments.trained)}-again"
    parts = [arguments.dataset.replace("/", "-")]
    for name, value in data.items():
        if name.startswith("train_file"):
            paths = [value] if isinstance(value, str) else value
            parts[0] = "-".join(Path(path).name for path in paths)
        elif "file" not in name:
            parts.append(value)
    return "runs/" + "-".join(map(str, [arguments.recipe, *parts, arguments.seed]))


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"
