"""The tables of speed."""

import pytest
from harness.scripts import load


@pytest.fixture
def script():
    return load("tools/speed_tables.py")


def row(competitor, mode, ms, training=True, cell="GRU", masked=False, peak=10):
    sizes = {"batch": "2", "time": "3", "features": "4", "units": "5"}
    return {
        "cell": cell,
        **sizes,
        "masked": str(masked),
        "training": str(training),
        "mode": mode,
        "competitor": competitor,
        "min_ms": str(ms),
        "peak_mb": str(peak),
    }


def test_ratios(script):
    rows = [
        row("rnnzoo", "plain", 4.0),
        row("keras", "plain", 8.0),
        row("torch", "", 2.5),
        row("rnnzoo", "xla", 2.0),
        row("keras", "xla", 9.0, peak=20),
        row("products", "", 1.0),
        row("rnnzoo", "plain", 99.0, masked=True),
        row("rnnzoo", "plain", 3.0, training=False),
        row("keras", "plain", 4.5, training=False),
    ]
    lines = script.layers_table(rows).splitlines()
    assert lines[2] == (
        "| GRU (2, 3, 4, 5) | 4.0 | 2.0 | 8.0 | 9.0 | 2.5 | 1.0 | **2.0x** | **4.5x** "
        "| **0.80** | 10 / 10 |"
    )
    assert lines[-1] == "| GRU (2, 3, 4, 5) | 3.0 | 4.5 |  | **1.5x** |"


def test_without_pytorch(script):
    rows = [
        row(name, mode, 2.0)
        for name in ("rnnzoo", "keras")
        for mode in ("plain", "xla")
    ]
    lines = script.layers_table([*rows, row("products", "", 1.0)]).splitlines()
    assert lines[2].endswith("|  | 1.0 | **1.0x** | **1.0x** |  | 10 / 10 |")


def test_the_whole_step(script):
    rows = [{"competitor": "torch", "min_ms": "81.6", "times_rnnzoo": "1.2"}]
    assert script.fit_table(rows).endswith("| written in PyTorch | 82 ms | 1.2 |\n")


def test_serving(script):
    rows = [
        {
            "model": model,
            "through": "process",
            "words": words,
            "clients": "8",
            "p50_ms": p50,
            "p99_ms": "20",
            "per_second": "100.5",
            "size_mb": "21.63",
            "load_s": "0.29",
            "first_ms": "140.6",
            "first_warmed_ms": "11.7",
        }
        for words, model, p50 in [
            *(("200", "keras", "5.25"), ("200", "rnnzoo", "4")),
            *(("20", "rnnzoo", "1"), ("20", "keras", "2")),
        ]
    ]
    assert script.serving_table(rows).splitlines()[2:] == [
        "| process | 20 | 8 | 1.0 ms | 20.0 ms | 100.5 | 2.0 ms | 20.0 ms | 100.5 |",
        "| process | 200 | 8 | 4.0 ms | 20.0 ms | 100.5 | 5.2 ms | 20.0 ms | 100.5 |",
        "",
        "As exported: 21.6 MB, loaded in 0.29 s; the first request takes 141 ms, after "
        "the warm-up 12 ms.",
        "With Keras' layer: 21.6 MB, loaded in 0.29 s; the first request takes 141 ms, "
        "after the warm-up 12 ms.",
    ]


def test_ways_of_translating(script):
    times = {"run": "a", "min_ms": "9.51", "median_ms": "10.04", "threads": ""}
    rows = [
        {"way": "greedy", "words": "12", "beam_size": "1", **times, "threads": "1"},
        {"way": "beam", "words": "12", "beam_size": "4", **times},
        {"way": "beam", "words": "1000", "beam_size": "4", **times},
        {"way": "in Python", "words": "12", "beam_size": "1", **times},
    ]
    lines = script.translation_table(rows).splitlines()
    assert lines[2:] == [
        "| a | greedy | 12 | 1 | 1 | 9.5 ms | 10.0 ms | <= 15 ms |",
        "| a | beam | 12 | 4 | one a core | 9.5 ms | 10.0 ms | <= 40 ms |",
        "| a | beam | 1000 | 4 | one a core | 9.5 ms | 10.0 ms |  |",
        "| a | in Python | 12 | 1 | one a core | 9.5 ms | 10.0 ms |  |",
    ]
