"""Writes the tables of the README from the rows in `results/`.

    python tools/update_readme.py

A table stands between two markers, `<!-- table: NAME -->` and `<!-- end -->`; NAME is
that of a CSV file in `results/`. Runs whose commands differ only in the seed are one
line: the mean, and the standard deviation where there are several. `targets.csv` holds
the targets.
"""

import csv
import itertools
import re
import statistics
from collections.abc import Callable
from pathlib import Path

from speed_tables import fit_table, layers_table, serving_table, translation_table

RESULTS = Path(__file__).parents[1] / "results"
README = RESULTS.parent / "README.md"
Row = dict[str, str]


def main() -> None:
    """Rewrites README.md."""
    README.write_text(with_tables(README.read_text()))


def with_tables(text: str) -> str:
    """Returns the text with its tables made anew."""
    return re.sub(
        r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)",
        lambda match: match[1] + table(match[2]) + match[3],
        text,
        flags=re.DOTALL,
    )


def table(name: str) -> str:
    """Returns the Markdown of the rows in `NAME.csv`."""
    return TABLES.get(name, runs_table(RUNS))(read(f"{name}.csv"))


def runs_table(columns: dict[str, Callable[[list[Row]], str]]) -> Callable:
    """How rows become Markdown: a line for all seeds, by functions of their rows."""

    def markdown(rows: list[Row]) -> str:
        targets = {
            (row["dataset"], row["recipe"]): row["target"]
            for row in read("targets.csv")
        }
        rows = [
            {**row, "target": targets.get((row["dataset"], row["recipe"]), "")}
            for row in rows
        ]
        groups = itertools.groupby(sorted(rows, key=_measurement), key=_measurement)
        lines = [list(columns), ["---"] * len(columns)]
        for _, group in groups:
            runs = list(group)
            lines.append([cell(runs) for cell in columns.values()])
        return "".join(f"| {' | '.join(line)} |\n" for line in lines)

    return markdown


def read(name: str) -> list[Row]:
    """Returns the rows of a CSV file in `results/`."""
    with (RESULTS / name).open(newline="") as file:
        return list(csv.DictReader(file))


def _measurement(row: Row) -> tuple[str, str, str]:
    command = re.sub(
        r" --(seed|results|output|export-dir|trained)[ =]\S+", "", row["command"]
    )
    command = re.sub(r" --((no-)?baseline|tags upos|beside( [^-\s]\S*)+)", "", command)
    return row["dataset"], row["recipe"], command


def _recipe(runs: list[Row]) -> str:
    """Its name, and what the command sets that the recipe does not."""
    _, recipe, command = _measurement(runs[0])
    options = re.findall(r"--(?!recipe|dataset)[\w-]+(?:[ =][^-\s]\S*)*", command)
    return f"`{' '.join([recipe, *options])}`"


def _minutes(runs: list[Row]) -> str:
    return f"{max(float(run['seconds']) for run in runs) / 60:.1f} min"


def _mean(name: str) -> Callable[[list[Row]], str]:
    """The mean of a column over the seeds, with the deviation; or nothing.

    What is above 1 is in percent.
    """

    def cell(runs):
        values = [float(run[name]) for run in runs if run[name]]
        if not values:
            return ""
        differ, digits = len(set(values)) > 1, 2 if max(values) > 1 else 4
        spread = f" ± {statistics.stdev(values):.{digits}f}" if differ else ""
        return f"{statistics.mean(values):.{digits}f}{spread}"

    return cell


def _bold(name: str) -> Callable[[list[Row]], str]:
    def cell(runs):
        mean = _mean(name)(runs)
        return f"**{mean}**" if mean else ""

    return cell


_RUN = {
    "data set": lambda runs: runs[0]["dataset"],
    "recipe": _recipe,
}
_TARGET = {
    "target": lambda runs: runs[0]["target"],
    "seeds": lambda runs: str(len({run["seed"] for run in runs})),
}
_COST = {
    "parameters": lambda runs: f"{int(runs[0]['parameters']):,}",
    "training": _minutes,
}
# Of a task without columns of its own.
RUNS = {
    **_RUN,
    "metric": lambda runs: runs[0]["metric"],
    "test": _bold("value"),
    **_TARGET,
    **_COST,
}
SENTIMENT = {
    **_RUN,
    "test accuracy": _bold("value"),
    **_TARGET,
    "bag of words": _mean("bag_of_words"),
    "majority": lambda runs: f"{float(runs[0]['majority']):.4f}",
    **_COST,
}
TAGGING = {
    **_RUN,
    "figure": lambda runs: {"f1": "span F1"}.get(runs[0]["metric"], "accuracy"),
    "test": _bold("value"),
    "intent": _mean("intent_accuracy"),
    **_TARGET,
    "unseen words": _mean("unseen_words"),
    "most frequent tags": _mean("frequent_tags"),
    **_COST,
}
TRANSLATION = {
    **_RUN,
    "figure": lambda runs: {"exact_match": "exact match"}.get(
        runs[0]["metric"], "BLEU"
    ),
    "beam": _bold("value"),
    "greedy": _mean("greedy"),
    "as papers count: beam": _bold("tokenized_bleu"),
    "as papers count: greedy": _mean("greedy_tokenized_bleu"),
    **_TARGET,
    "chrF": _mean("chrf"),
    **_COST,
}
TABLES = {
    "fit": fit_table,
    "layers": layers_table,
    "sentiment": runs_table(SENTIMENT),
    "serving": serving_table,
    "tagging": runs_table(TAGGING),
    "translation": runs_table(TRANSLATION),
    "translation_speed": translation_table,
}

if __name__ == "__main__":
    main()
