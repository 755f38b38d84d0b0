"""How fast exported models answer, alone and through the local server.

    python benchmarks/serving.py
    python benchmarks/serving.py --words 200 --clients 1 8 --requests 50

`sentiment_lstm` is exported as it is, and built on `keras.layers.LSTM` with the same
weights. Each is asked in a process of its own, and through `python -m rnnzoo serve`, by
so many clients at once; the two take turns. The first request in a process is timed
with and without the model's warm-up; through the server, it comes after it.
"""

import argparse
import contextlib
import itertools
import json
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from rnnzoo.serving import LocalServer
from rnnzoo.training.results import add_row, environment

MODELS = ("rnnzoo", "keras")
WORDS = 20_000
LOAD = Path(__file__).with_name("serving_load.py")
KEY = ("model", "through", "words", "clients")


def main(argv: list[str] | None = None) -> None:
    """Measures every case, prints a line for each, and adds its row."""
    argv = sys.argv[1:] if argv is None else argv
    arguments = parse(argv)
    about = {
        **environment(),
        "command": shlex.join(["python", "benchmarks/serving.py", *argv]),
    }
    with tempfile.TemporaryDirectory() as directory, contextlib.ExitStack() as stack:
        sizes = {name: export(name, Path(directory)) for name in MODELS}
        warmed = {name: first_warmed(Path(directory) / name / "1") for name in MODELS}
        server = stack.enter_context(LocalServer(directory))
        for through in ("process", "server"):
            asking = {
                name: stack.enter_context(
                    Load("process", Path(directory) / name / "1")
                    if through == "process"
                    else Load("server", server.rest, name)
                )
                for name in MODELS
            }
            for words, clients in itertools.product(arguments.words, arguments.clients):
                case = {"words": words, "clients": clients}
                for name, load in asking.items():
                    found = load.ask({**case, "requests": arguments.requests})
                    row = {
                        **{"model": name, "through": through, **case},
                        "requests": clients * arguments.requests,
                        **found,
                        **{"load_s": "", **load.about},
                        "first_warmed_ms": warmed[name],
                        "size_mb": sizes[name],
                        **about,
                    }
                    print(summary(row), flush=True)
                    if arguments.results:
                        add_row(arguments.results, row, key=KEY)


def export(name: str, directory: Path) -> float:
    """Exports the recipe, on our layer or that of Keras; its size in megabytes."""
    import keras

    from rnnzoo.recipes import sentiment_lstm

    learned = {
        "vocabulary": [f"w{i}" for i in range(WORDS)],
        "class_names": ["negative", "positive"],
    }
    cell = "lstm" if name == "rnnzoo" else keras.layers.LSTM
    # The same seed, and so the same weights.
    keras.utils.set_random_seed(0)
    model = sentiment_lstm(cell=cell, vocabulary_size=WORDS, learned=learned)
    path = model.export_saved_model(directory / name)
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return round(size / 1e6, 2)


def first_warmed(path: Path) -> float:
    """Milliseconds that the first request takes in a process, after the warm-up."""
    with Load("warmed", path) as load:
        return load.about["first_ms"]


class Load:
    """A process of `serving_load.py`."""

    def __init__(self, *arguments: str | Path):
        self.process = subprocess.Popen(
            [sys.executable, LOAD, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.about = self._answer()

    def ask(self, case: dict) -> dict:
        """Sends a case, and waits for what was measured."""
        self.process.stdin.write(json.dumps(case) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("serving_load.py has ended; what it wrote above says why.")
        return json.loads(line)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def summary(row: dict) -> str:
    """A line of a table."""
    return (
        f"{row['model']:7} {row['through']:8} {row['words']:5} words  "
        f"{row['clients']:3} clients  p50 {row['p50_ms']:8.2f} ms  "
        f"p99 {row['p99_ms']:8.2f} ms  "
        f"{row['per_second']:7.1f} /s  {row['errors']} errors of {row['requests']}  "
        f"first {row['first_ms']} ms, warmed up {row['first_warmed_ms']} ms"
    )


def parse(argv: list[str]) -> argparse.Namespace:
    """The arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--words", nargs="+", type=int, default=[20, 200, 1000])
    add("--clients", nargs="+", type=int, default=[1, 8, 32])
    add("--requests", type=int, default=320, help="of each client")
    add("--results", help="CSV file to add the rows to")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
