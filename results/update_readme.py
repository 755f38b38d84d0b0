"""Writes the tables of the README from the rows in `results/`.

    python results/update_readme.py

A table stands between two markers, `<!-- table: NAME -->` and `<!-- end -->`; NAME is
that of a CSV file here. Runs whose commands differ only in the seed are one line: the
mean, and the standard deviation where there are several. `targets.csv` holds what a
recipe is to reach.
"""

import csv
import itertools
import re
import statistics
from pathlib import Path

from speed_tables import fit_table, layers_table, serving_table

RESULTS = Path(__file__).parent
README = RESULTS.parent / "README.md"
HEADER = (
    "| data set | recipe | test accuracy | target | seeds | bag of words | majority | "
    "parameters | training |\n|---|---|---|---|---|---|---|---|---|\n"
)
TAGGING = (
    "| data set | recipe | figure | test | intent | target | seeds | unseen words | "
    "most frequent tags | parameters | training |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|\n"
)


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
    return TABLES[name](read(f"{name}.csv"))


def accuracy_table(rows: list[dict[str, str]]) -> str:
    """Returns the Markdown table of accuracies."""
    targets = {
        (row["dataset"], row["recipe"]): row["target"] for row in read("targets.csv")
    }
    groups = itertools.groupby(sorted(rows, key=_measurement), key=_measurement)
    return HEADER + "".join(_line(list(group), targets) for _, group in groups)


def tagging_table(rows: list[dict[str, str]]) -> str:
    """Returns the Markdown table of tags and spans."""
    targets = {
        (row["dataset"], row["recipe"]): row["target"] for row in read("targets.csv")
    }
    groups = itertools.groupby(sorted(rows, key=_measurement), key=_measurement)
    return TAGGING + "".join(_tagging_line(list(g), targets) for _, g in groups)


def _tagging_line(runs: list[dict[str, str]], targets: dict) -> str:
    first = runs[0]
    unseen = [run["unseen_words"] for run in runs if run["unseen_words"]]
    intents = [run["intent_accuracy"] for run in runs if run["intent_accuracy"]]
    slowest = max(float(run["seconds"]) for run in runs)
    cells = [
        first["dataset"],
        f"`{' '.join([first['recipe'], *_options(first)])}`",
        {"f1": "span F1", "accuracy": "accuracy"}[first["metric"]],
        f"**{_mean(run['value'] for run in runs)}**",
        _mean(intents) if intents else "",
        targets.get((first["dataset"], first["recipe"]), ""),
        str(len({run["seed"] for run in runs})),
        _mean(unseen) if unseen else "",
        first["frequent_tags"],
        f"{int(first['parameters']):,}",
        f"{slowest / 60:.1f} min",
    ]
    return f"| {' | '.join(cells)} |\n"


def read(name: str) -> list[dict[str, str]]:
    """Returns the rows of a CSV file in `results/`."""
    with (RESULTS / name).open(newline="") as file:
        return list(csv.DictReader(file))


def _measurement(row: dict[str, str]) -> tuple[str, str, str]:
    command = re.sub(r" --(seed|results|output|export-dir)[ =]\S+", "", row["command"])
    command = re.sub(r" --((no-)?baseline|tags upos)", "", command)
    return row["dataset"], row["recipe"], command


def _line(runs: list[dict[str, str]], targets: dict[tuple[str, str], str]) -> str:
    first = runs[0]
    baselines = [run["bag_of_words"] for run in runs if run["bag_of_words"]]
    slowest = max(float(run["seconds"]) for run in runs)
    cells = [
        first["dataset"],
        f"`{' '.join([first['recipe'], *_options(first)])}`",
        f"**{_mean(run['value'] for run in runs)}**",
        targets.get((first["dataset"], first["recipe"]), ""),
        str(len({run["seed"] for run in runs})),
        _mean(baselines) if baselines else "",
        f"{float(first['majority']):.4f}",
        f"{int(first['parameters']):,}",
        f"{slowest / 60:.1f} min",
    ]
    return f"| {' | '.join(cells)} |\n"


def _options(row: dict[str, str]) -> list[str]:
    """What the command sets that the recipe does not."""
    _, _, command = _measurement(row)
    return re.findall(r"--(?!recipe|dataset)[\w-]+(?:[ =][^-\s]\S*)?", command)


def _mean(values) -> str:
    values = [float(value) for value in values]
    spread = f" ± {statistics.stdev(values):.4f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.4f}{spread}"


TABLES = {
    "fit": fit_table,
    "layers": layers_table,
    "sentiment": accuracy_table,
    "serving": serving_table,
    "tagging": tagging_table,
}

if __name__ == "__main__":
    main()
