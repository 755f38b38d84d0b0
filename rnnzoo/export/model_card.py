"""Model card of a SavedModel: its origin, its signatures and example requests."""

import json
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
import tensorflow as tf

from rnnzoo.answers import plain

FILE = "model_card.md"
_PACKAGES = ("rnnzoo", "tensorflow", "keras")
# Every card has a line for these; further entries follow.
_REQUIRED = ("recipe", "data", "licence of the data", "metrics")


def write_model_card(
    path: str | Path,
    name: str,
    about: Mapping[str, object],
    examples: Mapping[str, Sequence[tuple[Mapping, Mapping]]],
) -> None:
    """Writes `model_card.md` beside a SavedModel.

    Args:
        path: Directory of the SavedModel.
        name: Name of the served model.
        about: Facts about the model: "recipe", "data", "licence of the data",
            "metrics" and further ones, written by `str`.
        examples: Requests with their answers by signature. The card shows the last.
    """
    versions = [f"{package} {version(package)}" for package in _PACKAGES]
    facts = dict.fromkeys(_REQUIRED, "not stated") | dict(about)
    facts["versions"] = f"Python {platform.python_version()}, {', '.join(versions)}"
    lines = [f"# {name}", "", *(f"* {key}: {value}" for key, value in facts.items())]
    for signature, requests in examples.items():
        request, answer = requests[-1]
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
    """Returns a request to TensorFlow Serving's REST API, and the answer."""
    if signature in ("classify", "regress"):
        method, body = signature, {"examples": _features(request["inputs"])}
        answer = {"results": _results(answer)}
    else:
        method, body = "predict", {"inputs": _plain(request)}
        answer = {"outputs": _plain(answer)}
    data = _json({"signature_name": signature, **body}).replace("'", "\\u0027")
    return f"curl -d '{data}' localhost:8501/v1/models/{name}:{method}", _json(answer)


def _features(serialized):
    examples = map(tf.train.Example.FromString, serialized)
    features = (example.features.feature for example in examples)
    return [{k: _value(v) for k, v in feature.items()} for feature in features]


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
