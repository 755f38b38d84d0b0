"""Competitors in processes of their own, timed in turn.

A process reads a case from each line of its input, as JSON, prepares it and answers
with the seconds to the first result and the peak of memory; an empty line asks for a
timed run.
"""

import argparse
import contextlib
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

WARM_UP = 2
# A run shorter than this is repeated and averaged: the clock and the call cost.
SHORTEST = 0.02  # seconds

Step = Callable[[], None]


class Competitor:
    """A process that prepares a case and runs it when asked.

    Args:
        name: the competitor's name in the script.
        script: a script that calls `serve`.
        python: the interpreter to run it.
    """

    def __init__(self, name: str, script: Path, python: str = sys.executable):
        self.name = name
        self.script = script
        self.python = python
        self.process = subprocess.Popen(
            [python, str(script), name],
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
                f"echo '{request}' | python {self.script} {self.name}"
            )
        return json.loads(answer)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that every benchmark takes."""
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--results", help="CSV file to add the rows to")
    here = sys.executable if importlib.util.find_spec("torch") else None
    parser.add_argument(
        "--torch-python", default=here, help="an interpreter that has PyTorch"
    )


@contextlib.contextmanager
def competitors(
    names: Sequence[str], script: Path, torch_python: str | None
) -> Iterator[list[Competitor]]:
    """The processes of those names, and of PyTorch where an interpreter has it."""
    pythons = dict.fromkeys(names, sys.executable)
    if torch_python:
        pythons["torch"] = torch_python
    else:
        print("PyTorch is not installed, and left out.")
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(Competitor(name, script, python))
            for name, python in pythons.items()
        ]


def peak_mb(competitor: Competitor, case: dict) -> int:
    """Megabytes that a case takes at its peak, in a process that did nothing else."""
    with Competitor(competitor.name, competitor.script, competitor.python) as fresh:
        return fresh.ask(json.dumps(case))["peak_mb"]


def measure(competitors: list[Competitor], case: dict, rounds: int) -> dict[str, dict]:
    """Times a case; in every round each competitor has one run.

    Returns:
        For each competitor that is able to run the case: `min_ms` and `median_ms`,
        milliseconds; `first_seconds`, to the first result, with compilation;
        `peak_mb`, megabytes beyond what was in use before (see `peak_mb` for a sharper
        measure); `version`.
    """
    request = json.dumps(case)
    prepared = {competitor: competitor.ask(request) for competitor in competitors}
    able = {c: answer for c, answer in prepared.items() if answer is not None}
    runs = {competitor: [] for competitor in able}
    for _ in range(rounds):
        for competitor, seconds in runs.items():
            seconds.append(competitor.ask(""))
    return {
        competitor.name: {
            "min_ms": round(1e3 * min(seconds), 2),
            "median_ms": round(1e3 * statistics.median(seconds), 2),
            **able[competitor],
        }
        for competitor, seconds in runs.items()
    }


def serve(
    prepare: Callable[[dict], Step | None], small: dict, version: str = ""
) -> None:
    """The work of a competitor's process: answers until its input ends.

    Args:
        prepare: makes the step of a case; `None` where it cannot run it.
        small: a case to begin with, so that none pays for imports.
        version: of what competes.
    """
    prepare(small)()
    step, repeats = None, 1
    for line in sys.stdin:
        if line.strip():
            before = _reset_peak()
            step = prepare(json.loads(line))
            answer = None
            if step is not None:
                first = _timed(step)
                repeats = max(
                    1, round(SHORTEST / min(_timed(step) for _ in range(WARM_UP)))
                )
                peak = _memory("VmHWM") - before
                answer = {
                    "version": version,
                    "first_seconds": round(first, 1),
                    "peak_mb": peak // 1024,
                }
        else:
            answer = sum(_timed(step) for _ in range(repeats)) / repeats
        print(json.dumps(answer), flush=True)


def _timed(step):
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def _memory(field):
    """Kilobytes, from what Linux tells of this process; 0 elsewhere."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(lines[field].split()[0])


def _reset_peak():
    """Starts the peak of memory anew; returns what is in use."""
    peak = Path("/proc/self/clear_refs")
    if peak.exists():
        peak.write_text("5")
    return _memory("VmRSS")
