"""Times the recurrent layers against those of Keras and PyTorch, side by side.

    python benchmarks/layers.py                          # everything: half an hour
    python benchmarks/layers.py --cells LSTM --shapes 64,200,128,128 --no-masks
    python benchmarks/layers.py --results results/layers.csv

Each competitor has a process of its own; in every round each is asked for one run, so
that all see the same moods of the machine. The peak of memory is that of a process that
does nothing else; it is told for training without a mask. PyTorch takes part where it
is installed, or where `--torch-python` names an interpreter that has it. The matrix
products alone, compiled and each over all steps at once, are the limit.
"""

import argparse
import dataclasses
import importlib.util
import itertools
import shlex
import sys
from pathlib import Path

from layer_steps import Case
from side_by_side import Competitor, measure, peak_mb

from rnnzoo.reports import add_row, environment

SHAPES = (
    (64, 200, 128, 128),
    (32, 100, 256, 256),
    (16, 256, 512, 512),
    (1, 100, 128, 128),
    (8, 35, 1024, 1024),
)
KEY = (
    *(field.name for field in dataclasses.fields(Case) if field.name != "xla"),
    "mode",
    "competitor",
)
SCRIPT = Path(__file__).with_name("layer_steps.py")


def main(argv: list[str] | None = None) -> None:
    """Times every case, prints a line for each, and adds its rows."""
    argv = sys.argv[1:] if argv is None else argv
    arguments = parse(argv)
    competitors = [Competitor(name, SCRIPT) for name in ("rnnzoo", "keras", "products")]
    if arguments.torch_python:
        competitors.append(Competitor("torch", SCRIPT, arguments.torch_python))
    else:
        print("PyTorch is not installed, and left out.")
    about = {
        **environment(),
        "command": shlex.join(["python", "benchmarks/layers.py", *argv]),
    }
    try:
        for plain, xla in cases(arguments):
            rows = rows_of(plain, xla, competitors, arguments.rounds)
            print(summary(plain, rows), flush=True)
            for row in rows if arguments.results else ():
                add_row(arguments.results, {**row, **about}, key=KEY)
    finally:
        for competitor in competitors:
            competitor.close()


def cases(arguments: argparse.Namespace) -> list[tuple[Case, Case]]:
    """The cases, each as a plain graph and under XLA."""
    masks = (False, True) if arguments.masks else (False,)
    return [
        tuple(Case(cell, *shape, masked, training, xla) for xla in (False, True))
        for training, masked, cell, shape in itertools.product(
            (True, False), masks, arguments.cells, arguments.shapes
        )
    ]


def rows_of(
    plain: Case, xla: Case, competitors: list[Competitor], rounds: int
) -> list[dict[str, object]]:
    """Times a case; a row for each competitor and mode.

    `times_rnnzoo` is how many times as long as ours it took, in the same mode; what has
    one mode only is held against our faster one.
    """
    case = dataclasses.asdict(plain)
    del case["xla"]
    modes = {"plain": dataclasses.asdict(plain), "xla": dataclasses.asdict(xla)}
    found = {mode: measure(competitors, each, rounds) for mode, each in modes.items()}
    for competitor in competitors:
        for mode, answers in found.items():
            if competitor.name in answers:
                alone = plain.training and not plain.masked
                answers[competitor.name]["peak_mb"] = (
                    peak_mb(competitor, modes[mode]) if alone else ""
                )
    ours = {mode: answers["rnnzoo"]["min_ms"] for mode, answers in found.items()}
    rows = []
    for mode, answers in found.items():
        for name, answer in answers.items():
            only = name not in found["plain"] or name not in found["xla"]
            reference = min(ours.values()) if only else ours[mode]
            rows.append(
                {
                    **case,
                    "mode": "" if only else mode,
                    "competitor": name,
                    **answer,
                    "times_rnnzoo": round(answer["min_ms"] / reference, 2),
                }
            )
    return rows


def summary(case: Case, rows: list[dict[str, object]]) -> str:
    """One line for a case: the milliseconds of every competitor."""
    shape = f"{case.batch},{case.time},{case.features},{case.units}"
    what = "training" if case.training else "inference"
    names = [" ".join([row["competitor"], row["mode"]]).strip() for row in rows]
    times = ", ".join(
        f"{name} {row['min_ms']:.1f}" for name, row in zip(names, rows, strict=True)
    )
    masked = "masked" if case.masked else ""
    return f"{what:9} {case.cell:9} {shape:15} {masked:6} {times} ms"


def parse(argv: list[str]) -> argparse.Namespace:
    """The arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--cells", nargs="+", default=["LSTM", "GRU", "SimpleRNN"])
    add("--shapes", nargs="+", type=_shape, default=SHAPES, metavar="B,T,F,U")
    add("--masks", action=argparse.BooleanOptionalAction, default=True)
    add("--rounds", type=int, default=7)
    add("--results", help="CSV file to add the rows to")
    here = sys.executable if importlib.util.find_spec("torch") else None
    add("--torch-python", default=here, help="an interpreter that has PyTorch")
    return parser.parse_args(argv)


def _shape(text):
    sizes = tuple(int(size) for size in text.split(","))
    if len(sizes) != 4 or min(sizes) < 1:
        raise argparse.ArgumentTypeError(
            f"expected batch,time,features,units as four positive integers, got {text}"
        )
    return sizes


if __name__ == "__main__":
    main()
