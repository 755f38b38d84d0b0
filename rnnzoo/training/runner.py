"""`Run`: resumable run of a recipe from the command line."""

import io
import json
import shlex
import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from rnnzoo.data.examples import count_examples
from rnnzoo.data.splits import Splits
from rnnzoo.plots import check_plotting, draw_learning_curves
from rnnzoo.registry import build_recipe, find_recipe
from rnnzoo.training.arguments import parse_arguments
from rnnzoo.training.fit import finish, fit_best, load_best
from rnnzoo.training.memory import keep_freed_memory
from rnnzoo.training.results import add_row, environment


class Run:
    """A run of a recipe with the options of its command line.

    Args:
        argv: Command line without the script's name; `None` for that of the process.
        task: Class of the models, a `Task`.
        recipe: Name of the default recipe.
        about: Text above the help.
        command: Command in the row of results, such as "python recipes/sentiment.py".

    Attributes:
        recipe: Name of the recipe.
        settings: Settings that the command line overrides.
        data: Arguments of the task's `load`.
        adapt: Further arguments of the model's `adapt`.
        folder: Folder of the run, for metrics and pictures.

    Raises:
        ValueError: If the task has no such recipe.
        SystemExit: For a wrong command line, and for `--help`.
    """

    def __init__(
        self,
        argv: Sequence[str] | None,
        task: type,
        recipe: str,
        about: str,
        command: str,
    ):
        argv = sys.argv[1:] if argv is None else list(argv)
        parsed = parse_arguments(argv, task, recipe, about)
        self.arguments = parsed.arguments
        self.settings, self.data = parsed.settings, parsed.data
        self.adapt, self._report = parsed.adapt, parsed.report
        self.task, self.recipe = task, self.arguments.recipe
        self.seed = self.arguments.seed
        self.folder = Path(self.arguments.output)
        self.command = shlex.join([*command.split(), *argv])
        check_plotting()

    def limit(self, data: Splits) -> Splits:
        """Returns the splits, in a dry run three batches of each."""
        if not self.arguments.dry_run:
            return data
        self.finish()
        recipe = find_recipe(self.recipe)
        settings = {**recipe.settings, **self.settings}
        config = recipe.task.Config()
        return data.take(3 * settings.get("batch_size", config.batch_size))

    def build(self, data: Splits):
        """Sets the seed; returns the compiled model for the data and the command."""
        print(f"\n{self.recipe} on {data.title}")
        keras.utils.set_random_seed(self.seed)
        return self._build(self.recipe, data, self.settings)

    def fit(self, model, data: Splits) -> None:
        """Adapts and trains a model or resumes its training, see `fit_best`.

        With `--trained` the weights of a finished run are loaded instead.
        """
        model.adapt(data.train, **self.adapt)
        model.check_report(data, **self._report)
        self._log = self._fit(model, data, self.folder)

    def measure(self, model, data: Splits) -> dict[str, Any]:
        """Returns the row of results: metrics, baselines, cost, versions, command."""
        self._answers = model.answer_all(data.test)
        metrics = model.measure(data.test, self._answers)
        headline = next(iter(metrics))
        self._row = {
            "recipe": self.recipe,
            "dataset": data.title,
            "split": f"{data.test_split} ({count_examples(data.test)} {model.unit})",
            "metric": headline,
            "value": metrics[headline],
            **metrics,
            **model.describe(data, self._answers),
            **self._baseline(data, headline),
            "parameters": model.count_params(),
            "epochs": len(self._log["seconds"]),
            "seconds": round(sum(self._log["seconds"])),
            "seed": self.seed,
            **environment(),
            "command": self.command,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        metrics_file = self.folder / "metrics.json"
        metrics_file.write_text(json.dumps(self._row, indent=2) + "\n")
        return self._row

    def export(self, model, data: Splits) -> Path:
        """Saves the model for Keras, exports it, and adds the row to `--results`.

        Returns:
            Path of the exported version.
        """
        row = self._row
        about = {
            "recipe": row["recipe"],
            "data": row["dataset"],
            "licence of the data": data.licence,
            "metrics": f"{row['metric']} {row['value']} on {row['split']}",
            "trained by": f"`{row['command']}`",
        }
        model.save(self.folder / "model.keras")
        served = Path(self.arguments.export_dir) / self.recipe
        self._exported = model.export_saved_model(served, about)
        if self.arguments.results:
            add_row(self.arguments.results, row)
        return self._exported

    def report(self, model, data: Splits) -> None:
        """Draws curves, prints the report, and deletes the backups."""
        row = self._row
        title = f"{row['recipe']} on {row['dataset']}"
        metric = row["metric"] if f"val_{row['metric']}" in self._log else "loss"
        curves = self.folder / "learning_curves.png"
        draw_learning_curves(self._log, curves, title, metric)
        model.report(data, self._answers, self.folder, row, **self._report)
        self.finish()
        print(
            f"Metrics and pictures are in {self.folder}/, the SavedModel in "
            f"{self._exported}/"
        )
        text = _first_input(data.test)
        if text is not None:
            served = str(self._exported.parent)
            command = ["python", "-m", "rnnzoo", "predict", served, text]
            print(f"Ask it: {shlex.join(command)}")

    def finish(self) -> None:
        """Deletes the backups of the run and of its baseline."""
        finish(self.folder / "baseline")
        finish(self.folder)

    def _build(self, recipe, data, settings):
        fields = find_recipe(recipe).task.Config.__dataclass_fields__
        defaults = {k: v for k, v in data.settings.items() if k in fields}
        return build_recipe(recipe, **{**defaults, **settings})

    def _fit(self, model, data, folder):
        settings = self._resume_key(model, data)
        if self.arguments.trained and folder == self.folder:
            return load_best(model, self.arguments.trained, settings)
        return fit_best(
            model,
            model.pipeline(data.train, training=True),
            model.pipeline(data.validation, by_length=True),
            epochs=self.arguments.epochs,
            directory=folder,
            settings=settings,
            monitor=f"val_{model.monitor}",
            mode=model.mode,
            measure=lambda: _validated(model, data.validation),
            patience=self.arguments.patience,
            average=self.arguments.average,
        )

    def _baseline(self, data, metric) -> dict[str, float | None]:
        """Trains the task's baseline and returns its headline metric."""
        recipe = self.task.baseline
        if recipe is None:
            return {}
        column = recipe.partition("_")[2]
        if not self.arguments.baseline or recipe == self.recipe:
            return {column: None}
        print(f"\n{recipe} (the baseline) on {data.title}")
        keras.utils.set_random_seed(self.seed)
        model = self._build(recipe, data, {})
        model.adapt(data.train)
        self._fit(model, data, self.folder / "baseline")
        return {column: model.measure(data.test)[metric]}

    def _resume_key(self, model, data):
        """Returns the settings that must be unchanged for a run to be resumed."""
        learned = json.dumps(model.learned).encode()
        options = {**self.data, **self.adapt}
        return {
            "task": type(model).__name__,
            **model.config.training_settings(),
            "dtype": model.dtype_policy.name,
            "learned": zlib.crc32(learned),
            "data": f"{data.title} {count_examples(data.train)}",
            **{name: str(value) for name, value in options.items()},
            "seed": self.seed,
            "epochs": self.arguments.epochs,
            "patience": self.arguments.patience,
            "average": self.arguments.average,
        }


def train_recipe(run: Run) -> dict[str, Any]:
    """Runs all steps of a script and returns the row of results."""
    data = run.limit(run.task.load(**run.data))
    model = run.build(data)
    run.fit(model, data)
    metrics = run.measure(model, data)
    run.export(model, data)
    run.report(model, data)
    return metrics


def run_script(main: Callable[[], object]) -> None:
    """Runs a script. Prints errors in one line, with PYTHONDEVMODE=1 as tracebacks."""
    keep_freed_memory()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A character that the terminal cannot encode must not end a run.
        sys.stdout.reconfigure(errors="replace")
    try:
        main()
    except (TypeError, ValueError, OSError, ImportError) as error:
        if sys.flags.dev_mode:
            raise
        sys.exit(f"error: {error}\n(For a traceback, set PYTHONDEVMODE=1.)")


def _validated(model, validation) -> Mapping[str, float]:
    return {f"val_{name}": value for name, value in model.validate(validation).items()}


def _first_input(dataset: tf.data.Dataset) -> str | None:
    """Returns the first raw input as a text, or `None` if it is not a string."""
    (first, *_) = next(iter(dataset))
    if first.dtype != tf.string:
        return None
    joined = tf.strings.reduce_join(first, separator=" ") if first.shape.rank else first
    return joined.numpy().decode("utf-8", "replace")
