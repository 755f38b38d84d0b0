"""The README's tables of speed, from the rows that the benchmarks wrote."""

import itertools
from collections.abc import Callable

Rows = list[dict[str, str]]
TRAINING = (
    "| training step | ours, plain | ours, XLA | Keras, plain | Keras, XLA | PyTorch | "
    "products | faster than Keras, plain | XLA | of PyTorch's time | "
    "MB, ours / Keras' |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|\n"
)
INFERENCE = (
    "| inference, plain graph | ours | Keras | PyTorch | faster than Keras |\n"
    "|---|---|---|---|---|\n"
)
FIT = "| `model.fit` of `sentiment_lstm` | a step | times ours |\n|---|---|---|\n"
SERVING = (
    "| through | words | clients | p50 | p99 | answers a second | "
    "on `keras.layers.LSTM`: p50 | p99 | answers a second |\n"
    "|---|---|---|---|---|---|---|---|---|\n"
)
TRANSLATION = (
    "| run | a sentence | words | beam | threads | best | median | target |\n"
    "|---|---|---|---|---|---|---|---|\n"
)
TRANSLATION_TARGETS = {  # by the way and the number of words
    ("greedy", "12"): "<= 15 ms",
    ("beam", "12"): "<= 40 ms",
}
NAMES = {
    "rnnzoo": "as it is",
    "keras": "on `keras.layers.LSTM`, XLA too",
    "keras_plain": "on `keras.layers.LSTM`, plain",
    "torch": "written in PyTorch",
}


def layers_table(rows: Rows) -> str:
    """Tables of training and inference, without masks, in milliseconds."""
    rows = [row for row in rows if row["masked"] == "False"]
    training, inference = (
        _lines([row for row in rows if row["training"] == str(flag)], line)
        for flag, line in ((True, _training_line), (False, _inference_line))
    )
    return f"{TRAINING}{training}\n{INFERENCE}{inference}"


def fit_table(rows: Rows) -> str:
    """Table of the whole training step."""
    return FIT + "".join(
        f"| {NAMES[row['competitor']]} | {float(row['min_ms']):.0f} ms | "
        f"{row['times_rnnzoo']} |\n"
        for row in rows
    )


def serving_table(rows: Rows) -> str:
    """Table of latency and throughput, ours beside the twin on Keras' layer."""

    def case(row):
        return row["through"], int(row["words"]), int(row["clients"])

    lines = []
    for key, group in itertools.groupby(sorted(rows, key=case), key=case):
        cells = [*map(str, key)]
        found = {row["model"]: row for row in group}
        for row in (found["rnnzoo"], found["keras"]):
            p50, p99 = (float(row[name]) for name in ("p50_ms", "p99_ms"))
            cells += [f"{p50:.1f} ms", f"{p99:.1f} ms", row["per_second"]]
        lines.append(f"| {' | '.join(cells)} |\n")
    return SERVING + "".join(lines) + "\n" + _first_request(rows)


def translation_table(rows: Rows) -> str:
    """Table of how long a sentence takes."""
    return TRANSLATION + "".join(
        f"| {row['run']} | {row['way']} | {row['words']} | {row['beam_size']} "
        f"| {row['threads'] or 'one a core'} "
        f"| {float(row['min_ms']):.1f} ms | {float(row['median_ms']):.1f} ms "
        f"| {TRANSLATION_TARGETS.get((row['way'], row['words']), '')} |\n"
        for row in rows
    )


def _first_request(rows: Rows) -> str:
    """What comes before the first answer, with and without the warm-up."""
    # Of the first run, if there were several.
    alone = {r["model"]: r for r in reversed(rows) if r["through"] == "process"}
    return "".join(
        f"{what}: {float(alone[model]['size_mb']):.1f} MB, loaded in "
        f"{alone[model]['load_s']} s; the first request takes "
        f"{float(alone[model]['first_ms']):.0f} ms, after the warm-up "
        f"{float(alone[model]['first_warmed_ms']):.0f} ms.\n"
        for model, what in (("rnnzoo", "As exported"), ("keras", "With Keras' layer"))
    )


def _lines(rows: Rows, line: Callable[[str, dict], str]) -> str:
    def case(row):
        sizes = [row[name] for name in ("batch", "time", "features", "units")]
        return f"{row['cell']} ({', '.join(sizes)})"

    # Stable: the cases of a cell stay in the order in which they were measured.
    grouped = itertools.groupby(sorted(rows, key=lambda row: row["cell"]), key=case)
    return "".join(
        line(name, {(row["competitor"], row["mode"]): row for row in group})
        for name, group in grouped
    )


def _training_line(case: str, found: dict[tuple[str, str], dict[str, str]]) -> str:
    ms = {key: float(row["min_ms"]) for key, row in found.items()}
    ours = {mode: ms["rnnzoo", mode] for mode in ("plain", "xla")}
    keras = {mode: ms["keras", mode] for mode in ("plain", "xla")}
    torch = ms.get(("torch", ""))
    memory = [
        min(int(found[name, mode]["peak_mb"]) for mode in ("plain", "xla"))
        for name in ("rnnzoo", "keras")
    ]
    cells = [
        case,
        *(_ms(t) for t in (*ours.values(), *keras.values(), torch)),
        _ms(ms["products", ""]),
        *(f"**{keras[mode] / ours[mode]:.1f}x**" for mode in ("plain", "xla")),
        "" if torch is None else f"**{min(ours.values()) / torch:.2f}**",
        f"{memory[0]} / {memory[1]}",
    ]
    return f"| {' | '.join(cells)} |\n"


def _inference_line(case: str, found: dict[tuple[str, str], dict[str, str]]) -> str:
    ms = {key: float(row["min_ms"]) for key, row in found.items()}
    ours, keras = ms["rnnzoo", "plain"], ms["keras", "plain"]
    cells = [case, _ms(ours), _ms(keras), _ms(ms.get(("torch", "")))]
    return f"| {' | '.join([*cells, f'**{keras / ours:.1f}x**'])} |\n"


def _ms(time: float | None) -> str:
    return "" if time is None else f"{time:.1f}"
