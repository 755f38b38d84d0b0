"""The page that goes with a SavedModel: what it is, and how it is asked."""

import json
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
import tensorflow as tf

from rnnzoo.answers import plain

FILE = "model_card.md"
_NOT_TOLD = "not told"
_PACKAGES = ("rnnzoo", "tensorflow", "keras")
# What every card has a line for; whatever else is told follows.
_LINES = ("recipe", "data", "licence of the data", "metrics")


def write_model_card(
    path: str | Path,
    name: str,
    about: Mapping[str, object],
    examples: Mapping[str, Sequence[tuple[Mapping, Mapping]]],
) -> None:
    """Writes `model_card.md` beside a SavedModel.

    Args:
        path: the directory of the SavedModel.
        name: the name that it is served under.
        about: what is known of the model: "recipe", "data", "licence of the data",
            "metrics" and whatever else, each one a value that `str` shows.
        examples: by signature, requests with their answers; the last is shown.
    """
    versions = [f"{package} {version(package)}" for package in _PACKAGES]
    told = {
        **dict.fromkeys(_LINES, _NOT_TOLD),
        **about,
        "versions": f"Python {platform.python_version()}, {', '.join(versions)}",
    }
    lines = [f"# {name}", "", *(f"* {key}: {value}" for key, value in told.items())]
    for signature, asked in examples.items():
        request, answer = asked[-1]
        lines += [
            *("", f"## `{signature}`", ""),
            *("| | name | type | shape in the example |", "|---|---|---|---|"),
            *(_row("input", *item) for item in request.items()),
            *(_row("output", *item) for item in answer.items()),
            *("", "```", *_example(name, signature, request, answer), "```"),
        ]
    (Path(path) / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _row(kind, name, value):
    dtype = "string" if value.dtype.kind in "OS" else value.dtype.name
    return f"| {kind} | `{name}` | {dtype} | {value.shape} |"


def _example(name, signature, request, answer):
    """A request over HTTP, and the answer, in the words of TensorFlow Serving."""
    if signature in ("classify", "regress"):
        method, asked = signature, {"examples": _features(request["inputs"])}
        answer = {"results": _results(answer)}
    else:
        method, asked = "predict", {"inputs": _plain(request)}
        answer = {"outputs": _plain(answer)}
    data = _json({"signature_name": signature, **asked}).replace("'", "\\u0027")
    yield f"curl -d '{data}' localhost:8501/v1/models/{name}:{method}"
    yield _json(answer)


def _features(serialized):
    examples = [tf.train.Example.FromString(each) for each in serialized]
    return [
        {key: _value(each) for key, each in example.features.feature.items()}
        for example in examples
    ]


def _value(feature):
    values = plain(np.array(getattr(feature, feature.WhichOneof("kind")).value))
    return values[0] if len(values) == 1 else values


def _results(answer):
    columns = _plain(answer)
    if "outputs" in columns:
        return columns["outputs"]
    rows = zip(columns["classes"], columns["scores"], strict=True)
    return [list(zip(*row, strict=True)) for row in rows]


def _plain(arrays):
    return {name: plain(value) for name, value in arrays.items()}


def _json(value):
    return json.dumps(value, ensure_ascii=False)
