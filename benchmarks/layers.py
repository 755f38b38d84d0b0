"""Times the recurrent layers against those of Keras and PyTorch, side by side.

    python benchmarks/layers.py                          # everything: half an hour
    python benchmarks/layers.py --cells LSTM --shapes 64,200,128,128 --no-masks
    python benchmarks/layers.py --results results/layers.csv

Each competitor has a process of its own; in every round each is asked for one run, so
that all see the same moods of the machine. PyTorch takes part where it is installed, or
where `--torch-python` names an interpreter that has it. The matrix products alone,
compiled and each over all steps at once, are the limit.
"""

import argparse
import dataclasses
import importlib.util
import itertools
import json
import os
import shlex
import statistics
import subprocess
import sys
from pathlib import Path

from competitors import Case

from rnnzoo.reports import add_row, environment

SHAPES = (
    (64, 200, 128, 128),
    (32, 100, 256, 256),
    (16, 256, 512, 512),
    (1, 100, 128, 128),
    (8, 35, 1024, 1024),
)
WORKER = Path(__file__).with_name("competitors.py")
ONCE = ("torch", "products")  # These do not differ between plain and XLA.


class Competitor:
    """A process that prepares a case and runs it when asked."""

    def __init__(self, name: str, python: str):
        self.name = name
        self.process = subprocess.Popen(
            [python, str(WORKER), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        )

    def ask(self, request: str):
        """Sends a line, returns the answer to it."""
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(
                f"The process of {self.name} ended. See why: "
                f"echo '{request}' | python {WORKER} {self.name}"
            )
        return json.loads(answer)

    def close(self) -> None:
        """Ends the process."""
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def main(argv: list[str] | None = None) -> list[dict]:
    """Runs all cases; returns a row for every competitor of each."""
    argv = sys.argv[1:] if argv is None else argv
    arguments = parse(argv)
    competitors = [
        Competitor(name, sys.executable) for name in ("rnnzoo", "keras", "products")
    ]
    if arguments.torch_python:
        competitors.append(Competitor("torch", arguments.torch_python))
    else:
        print("PyTorch is not installed: left out.")
    command = shlex.join(["python", "benchmarks/layers.py", *argv])
    rows = []
    try:
        for pair in cases(arguments):
            timed = measure(competitors, pair, arguments.rounds)
            rows += timed
            print(summary(timed), flush=True)
            if arguments.results:
                for row in timed:
                    row = {**row, **environment(), "command": command}
                    add_row(arguments.results, row, key=tuple(row)[:9])
    finally:
        for competitor in competitors:
            competitor.close()
    return rows


def cases(arguments: argparse.Namespace) -> list[list[Case]]:
    """The cases, each as a plain graph and under XLA."""
    masks = (False, True) if arguments.masks else (False,)
    return [
        [Case(cell, *shape, masked, training, xla) for xla in (False, True)]
        for training, masked, cell, shape in itertools.product(
            (True, False), masks, arguments.cells, arguments.shapes
        )
    ]


def measure(
    competitors: list[Competitor], pair: list[Case], rounds: int
) -> list[dict[str, object]]:
    """Times one case, plain and under XLA, with every competitor in turn."""
    found = {}
    for case in pair:
        request = json.dumps(dataclasses.asdict(case))
        able = []
        for competitor in competitors:
            answer = competitor.ask(request)
            if answer.pop("able"):
                able.append(competitor)
                found[competitor.name, case.xla] = {**answer, "times": []}
        for _ in range(rounds):
            for competitor in able:
                found[competitor.name, case.xla]["times"].append(competitor.ask(""))
    ours = {xla: min(found["rnnzoo", xla]["times"]) for xla in (False, True)}
    rows = []
    for (name, xla), answer in found.items():
        best = min(answer["times"])
        reference = min(ours.values()) if name in ONCE else ours[xla]
        rows.append(
            {
                "cell": pair[0].cell,
                "batch": pair[0].batch,
                "time": pair[0].time,
                "features": pair[0].features,
                "units": pair[0].units,
                "masked": pair[0].masked,
                "what": "training" if pair[0].training else "inference",
                "mode": "" if name in ONCE else ("xla" if xla else "plain"),
                "competitor": name,
                "min_ms": round(1e3 * best, 2),
                "median_ms": round(1e3 * statistics.median(answer["times"]), 2),
                "times_rnnzoo": round(best / reference, 2),
                "first_seconds": round(answer["first_seconds"], 1),
                "peak_mb": round(answer["peak_mb"]),
            }
        )
    return rows


def summary(rows: list[dict[str, object]]) -> str:
    """One line for a case: the milliseconds of every competitor."""
    first = rows[0]
    shape = ",".join(str(first[k]) for k in ("batch", "time", "features", "units"))
    masked = "masked" if first["masked"] else ""
    times = "  ".join(
        f"{row['competitor']} {row['mode']} {row['min_ms']:.1f}".replace("  ", " ")
        for row in rows
    )
    return f"{first['what']:9} {first['cell']:9} {shape:15} {masked:6} {times} ms"


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
