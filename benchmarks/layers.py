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
import itertools
import shlex
import sys
from pathlib import Path

from layer_steps import Case
from side_by_side import Competitor, add_arguments, competitors, measure, peak_mb

from rnnzoo.training.results import add_row, environment

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
NAMES = ("rnnzoo", "keras", "products")
SCRIPT = Path(__file__).with_name("layer_steps.py")


def main(argv: list[str] | None = None) -> None:
    """Times every case, prints a line for each, and adds its rows."""
    argv = sys.argv[1:] if argv is None else argv
    arguments = parse(argv)
    about = {
        **environment(),
        "command": shlex.join(["python", "benchmarks/layers.py", *argv]),
    }
    with competitors(NAMES, SCRIPT, arguments.torch_python) as running:
        for case in cases(arguments):
            rows = rows_of(case, running, arguments.rounds)
            print(summary(case, rows), flush=True)
            for row in rows if arguments.results else ():
                add_row(arguments.results, {**row, **about}, key=KEY)


def cases(arguments: argparse.Namespace) -> list[Case]:
    """The cases, as plain graphs."""
    masks = (False, True) if arguments.masks else (False,)
    return [
        Case(cell, *shape, masked, training, xla=False)
        for training, masked, cell, shape in itertools.product(
            (True, False), masks, arguments.cells, arguments.shapes
        )
    ]


def rows_of(
    case: Case, running: list[Competitor], rounds: int
) -> list[dict[str, object]]:
    """Times a case, plain and under XLA; a row for each competitor and mode.

    `times_rnnzoo` is how many times as long as ours it took, in the same mode; what has
    one mode only is held against our faster one.
    """
    modes = {
        mode: {**dataclasses.asdict(case), "xla": mode == "xla"}
        for mode in ("plain", "xla")
    }
    about = {k: v for k, v in dataclasses.asdict(case).items() if k != "xla"}
    found = {mode: measure(running, each, rounds) for mode, each in modes.items()}
    alone = case.training and not case.masked
    for mode, answers in found.items():
        for competitor in running:
            if competitor.name in answers:
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
                    **about,
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
    add_arguments(parser)
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
