"""Writes the tables of the README from the rows in `results/`.

    python results/update_readme.py

A table stands between two markers, `<!-- table: NAME -->` and `<!-- end -->`; NAME is
that of a CSV file here. Runs that differ only in their seed are one line: the mean,
and the standard deviation where there are several.
"""

import csv
import itertools
import re
import statistics
import sys
from pathlib import Path

RESULTS = Path(__file__).parent
README = RESULTS.parent / "README.md"
HEADER = (
    "| data set | recipe | test accuracy | seeds | bag of words | majority | "
    "parameters | training |\n|---|---|---|---|---|---|---|---|\n"
)


def main() -> None:
    """Rewrites README.md."""
    README.write_text(with_tables(README.read_text()))


def with_tables(text: str) -> str:
    """Returns the text with its tables made anew."""
    return re.sub(
        r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)",
        lambda match: match[1] + table(RESULTS / f"{match[2]}.csv") + match[3],
        text,
        flags=re.DOTALL,
    )


def table(path: Path) -> str:
    """Returns the Markdown table of a CSV file of results."""
    with path.open(newline="") as file:
        rows = sorted(csv.DictReader(file), key=_measurement)
    groups = itertools.groupby(rows, key=_measurement)
    return HEADER + "".join(_line(list(group)) for _, group in groups)


def _measurement(row: dict[str, str]) -> tuple[str, str]:
    return row["dataset"], row["recipe"]


def _line(runs: list[dict[str, str]]) -> str:
    first = runs[0]
    values = [float(run["value"]) for run in runs]
    mean = f"{statistics.mean(values):.4f}"
    spread = f" ± {statistics.stdev(values):.4f}" if len(runs) > 1 else ""
    slowest = max(float(run["seconds"]) for run in runs)
    cells = [
        first["dataset"],
        f"`{first['recipe']}`",
        f"**{mean}**{spread}",
        str(len(runs)),
        first["bag_of_words"] or "",
        f"{float(first['majority']):.4f}",
        f"{int(first['parameters']):,}",
        f"{slowest / 60:.1f} min",
    ]
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    sys.exit(main())
