"""What the scripts in `recipes/` share: arguments, training, what they leave behind."""

import argparse
import inspect
import io
import json
import re
import shlex
import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import keras

from rnnzoo.data.splits import Splits
from rnnzoo.names import look_up
from rnnzoo.registry import list_recipes
from rnnzoo.training.fit import fit_best, load_best
from rnnzoo.training.memory import keep_freed_memory
from rnnzoo.training.results import add_row, environment

# What a model's config has from the data.
_LEARNED = (
    *("vocabulary", "source_vocabulary", "target_vocabulary"),
    *("tags", "intents"),
)
# What does not change what is trained: where things go, and how it is asked.
_NOT_TRAINED = (
    *("output", "export_dir", "results", "baseline", "beside", "trained"),
    *("beam_size", "length_penalty", "coverage_penalty"),
    *("steps_per_token", "longest_source"),
)


def script_parser(description: str, task: str, recipe: str) -> argparse.ArgumentParser:
    """A parser with the arguments that every training script takes.

    Args:
        description: what stands above the help, as it is.
        task: what the names of the recipes begin with, "sentiment".
        recipe: the one that is trained by default.
    """
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--recipe", default=recipe, help=", ".join(list_recipes(f"{task}_*")))
    add("--dataset", default="embedded", help="or a name in tensorflow-datasets")
    add("--epochs", type=int, default=5, help="at most; by default %(default)s")
    ends = "epochs without a better one: then it ends; by default %(default)s"
    add("--patience", type=int, help=ends)
    add("--average", type=int, default=1, help="best epochs whose weights are averaged")
    add("--seed", type=int, default=0)
    add("--output", help="for figures and pictures; runs/RECIPE-DATASET-SEED")
    add("--export-dir", help="saved_models")
    add("--results", help="CSV file to add the result to")
    dry = "one epoch of three batches; all that it writes goes to dry-run in the output"
    add("--dry-run", action="store_true", help=dry)
    parser.set_defaults(task=task, trained=None)
    return parser


def parse_script(
    parser: argparse.ArgumentParser,
    argv: Sequence[str],
    settings: Mapping[str, type],
    documented: Sequence[Callable],
    data: Sequence[str] = ("dataset",),
    parts: Sequence[str] = (),
) -> tuple[argparse.Namespace, dict]:
    """The arguments of a training script, and those of them that are settings.

    Args:
        parser: from `script_parser`, with what else the script takes.
        argv: the command line, without the script's name.
        settings: the settings of the model, by name, with their types.
        documented: what takes these settings: model and builder, whose docstrings tell
            in the help what each is.
        data: the arguments that name the data; the first that is given names the run.
        parts: those that tell what is taken of it, and stand in that name, too.

    Raises:
        ValueError: if there is no such recipe for the task.
    """
    _add_settings(parser, settings, argument_texts(*documented))
    arguments = parser.parse_args(argv)
    _check_arguments(parser, arguments)
    if arguments.dry_run:  # What was trained and exported before stays what it is.
        arguments.epochs = 1
        arguments.output = f"{arguments.output or 'runs'}/dry-run"
        arguments.export_dir = arguments.output
    arguments.output = arguments.output or _run_folder(arguments, data, parts)
    arguments.export_dir = arguments.export_dir or "saved_models"
    given = {name: getattr(arguments, name) for name in settings}
    return arguments, {k: v for k, v in given.items() if v is not None}


def _add_settings(parser, settings, texts):
    group = parser.add_argument_group("settings of the model", "default: the recipe's")
    for name, kind in settings.items():
        flag = {"action": argparse.BooleanOptionalAction}
        how = flag if kind is bool else {"type": kind, "metavar": kind.__name__.upper()}
        text = texts[name].replace("%", "%%")
        group.add_argument(f"--{name.replace('_', '-')}", help=text, **how)


def _run_folder(arguments, data, parts):
    if arguments.trained:  # A run's own figures stay what they are.
        return f"{Path(arguments.trained)}-again"
    name = next(filter(None, (getattr(arguments, each) for each in data)))
    if isinstance(name, str):
        name = name.replace("/", "-")
    else:  # files
        name = "-".join(Path(each).name for each in name)
    taken = [part for each in parts if (part := getattr(arguments, each))]
    return "runs/" + "-".join([arguments.recipe, name, *taken, str(arguments.seed)])


def _check_arguments(parser, arguments):
    known = list_recipes(f"{arguments.task}_*")
    look_up("recipe", arguments.recipe, dict.fromkeys(known))
    for name in ("epochs", "average", "patience"):
        number = getattr(arguments, name)
        if number is not None and number < 1:
            parser.error(f"--{name} must be 1 at least, got {number}")
    if arguments.seed < 0:
        parser.error(f"--seed must not be negative, got {arguments.seed}")
    if arguments.dry_run and arguments.results:
        parser.error("--results takes no --dry-run: three batches measure nothing")
    if arguments.dry_run and arguments.trained:
        parser.error("--trained takes no --dry-run: nothing is trained")
    places = [Path(p).resolve() for p in (arguments.output, arguments.trained) if p]
    if len(places) == 2 and places[0] == places[1]:
        parser.error("--output must not be the run that --trained measures again")


def argument_texts(*documented: Callable) -> dict[str, str]:
    """What the docstrings of classes and functions say of their arguments.

    >>> argument_texts(script_parser)["task"]
    'what the names of the recipes begin with, "sentiment"'
    """
    texts = {}
    for each in documented:
        _, _, behind = inspect.getdoc(each).partition("\nArgs:\n")
        arguments = re.split(r"\n(?=\S)", behind)[0]
        found = re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", arguments, re.MULTILINE)
        texts |= {name: " ".join(text.split()).rstrip(".") for name, text in found}
    return texts


def train(
    model: keras.Model, data: Splits, arguments: argparse.Namespace, output: Path, **how
) -> dict[str, list[float]]:
    """Trains an adapted model and keeps its best epoch; goes on after an interruption.

    Where a script takes `--trained`, it is the weights of that finished run instead.

    Args:
        model: a compiled model with a `pipeline`, whose weights exist.
        data: what to learn from, and to choose the epoch by.
        arguments: those of the script.
        output: the folder of the run.
        **how: further arguments of `rnnzoo.training.fit.fit_best`.

    Returns:
        The log, see `fit_best`.
    """
    config = model.get_config()
    learned = {name: config.get(name) for name in _LEARNED}
    settings = {
        **vars(arguments),
        **{k: v for k, v in config.items() if k not in (*_LEARNED, "name")},
        # Which words and labels, in short.
        "learned": zlib.crc32(json.dumps(learned).encode()),
        "learning_rate": float(model.optimizer.learning_rate),
        "data": f"{data.name} {data.version} {len(data.train)}",
        "epochs": arguments.epochs,
        "seed": arguments.seed,
    }
    settings = {k: v for k, v in settings.items() if k not in _NOT_TRAINED}
    if arguments.trained:
        return load_best(model, arguments.trained, settings)
    return fit_best(
        model,
        model.pipeline(data.train, training=True),
        model.pipeline(data.validation),
        arguments.epochs,
        output,
        settings,
        patience=arguments.patience,
        average=arguments.average,
        **how,
    )


def cost(
    model: keras.Model,
    log: Mapping[str, Sequence[float]],
    arguments: argparse.Namespace,
    script: str,
    argv: Sequence[str],
) -> dict[str, object]:
    """What every row of results ends with: size, time, device, versions, command.

    Args:
        model: what was trained.
        log: what `train` returned.
        arguments: those of the script.
        script: its name, "sentiment".
        argv: its command line.
    """
    return {
        "parameters": model.count_params(),
        "epochs": len(log["seconds"]),
        "seconds": round(sum(log["seconds"])),
        "seed": arguments.seed,
        **environment(),
        "command": shlex.join(["python", f"recipes/{script}.py", *argv]),
    }


def publish(
    model: keras.Model,
    metrics: Mapping[str, object],
    data: Splits,
    arguments: argparse.Namespace,
    output: Path,
) -> Path:
    """Stores model and figures, adds their row to the results, exports the model.

    Args:
        model: what is exported.
        metrics: the row, with `recipe`, `dataset`, `split`, `metric`, `value` and
            `command` in it.
        data: what was measured on.
        arguments: those of the script.
        output: the folder of the run.

    Returns:
        The path of the exported version.
    """
    output.mkdir(parents=True, exist_ok=True)
    (output / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    about = {
        "recipe": metrics["recipe"],
        "data": metrics["dataset"],
        "licence of the data": data.licence,
        "metrics": f"{metrics['metric']} {metrics['value']} on {metrics['split']}",
        "trained by": f"`{metrics['command']}`",
    }
    # As Keras loads it, to go on with.
    model.save(output / "model.keras")
    directory = Path(arguments.export_dir) / arguments.recipe
    path = model.export_saved_model(directory, about)
    if arguments.results:
        add_row(arguments.results, metrics)
    return path


def tell_where(output: Path, path: Path, question: str) -> None:
    """Prints where a run left its files, and the command that asks what it exported.

    Args:
        output: the folder of the run.
        path: what `publish` returned.
        question: a text to ask.
    """
    print(f"Figures and pictures are in {output}/, the SavedModel in {path}/")
    command = ["python", "-m", "rnnzoo", "predict", str(path.parent), question]
    print(f"Ask it: {shlex.join(command)}")


def run_script(main: Callable[[], object]) -> None:
    """Runs a script; what is wrong is one sentence, or with PYTHONDEVMODE=1 a trace."""
    keep_freed_memory()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A letter of the data that the terminal does not know must not end a run.
        sys.stdout.reconfigure(errors="replace")
    try:
        main()
    except (TypeError, ValueError, OSError, ImportError) as error:
        if sys.flags.dev_mode:
            raise
        sys.exit(f"error: {error}")
