"""Times `model.fit` of `sentiment_lstm`: with our LSTM, with Keras', and in PyTorch.

    python benchmarks/fit.py
    python benchmarks/fit.py --results results/fit.csv

The whole step is timed: the embedding's gradient, clipping and Adam over the whole
table are part of it. `layers.py` says how.
"""

import argparse
import shlex
import sys
from pathlib import Path

from side_by_side import add_arguments, competitors, measure

from rnnzoo.training.results import add_row, environment

STEPS = 4  # of one timed run: `model.fit` over as many batches
NAMES = ("rnnzoo", "keras", "keras_plain")
SCRIPT = Path(__file__).with_name("fit_steps.py")


def main(argv: list[str] | None = None) -> None:
    """Times the step, prints a line for each competitor, and adds its row."""
    argv = sys.argv[1:] if argv is None else argv
    arguments = parse(argv)
    command = shlex.join(["python", "benchmarks/fit.py", *argv])
    case = {"batch": arguments.batch, "time": arguments.time}
    with competitors(NAMES, SCRIPT, arguments.torch_python) as running:
        answers = measure(running, {"steps": STEPS, **case}, arguments.rounds)
    ours = answers["rnnzoo"]["min_ms"]
    for name, answer in answers.items():
        times = {k: round(answer[k] / STEPS, 1) for k in ("min_ms", "median_ms")}
        ratio = round(answer["min_ms"] / ours, 2)
        row = {**case, "competitor": name, **answer, **times, "times_rnnzoo": ratio}
        print(f"{name:12} {times['min_ms']:8.1f} ms a step, {ratio} times ours")
        if arguments.results:
            row = {**row, **environment(), "command": command}
            add_row(arguments.results, row, key=("batch", "time", "competitor"))


def parse(argv: list[str]) -> argparse.Namespace:
    """The arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--batch", type=int, default=64, help="texts of a batch")
    add("--time", type=int, default=400, help="words of a text")
    add_arguments(parser)
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
