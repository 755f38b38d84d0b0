"""Asks SavedModels with OpenVINO, an engine that shares no code with TensorFlow.

A line of standard input is a request to the default signature of the `model` in a
folder, `{"model": ..., "inputs": {name: nested lists}}`; its answer is a line
`{"outputs": {name: nested lists}}`, or `{"error": ...}` where it cannot read it.
"""

import functools
import json
import sys

import numpy as np
import openvino
import openvino_tokenizers  # noqa: F401  It brings the operations on strings.


@functools.cache
def load(folder: str) -> openvino.CompiledModel:
    core = openvino.Core()
    # On a processor that has bfloat16, it would work in that.
    exact = {"INFERENCE_PRECISION_HINT": "f32"}
    return core.compile_model(core.read_model(folder), "CPU", exact)


def answer(request: dict) -> dict:
    model = load(request["model"])
    given = {
        place: np.array([text.encode() for text in value])
        for place in model.inputs
        for name, value in request["inputs"].items()
        if any(each.removesuffix(":0").endswith(name) for each in place.get_names())
    }
    return {
        name: value.tolist()
        for place, value in model(given).items()
        for name in place.get_names()
        if ":" not in name
    }


def main() -> None:
    for line in sys.stdin:
        try:
            answered = {"outputs": answer(json.loads(line))}
        except RuntimeError as error:
            answered = {"error": str(error)}
        print(json.dumps(answered), flush=True)


if __name__ == "__main__":
    main()
