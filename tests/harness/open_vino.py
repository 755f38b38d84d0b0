"""Asks a SavedModel with OpenVINO, an engine that shares no code with TensorFlow.

python open_vino.py saved_models/it/1

A line of standard input is a request to the default signature, `{"inputs": {name:
nested lists}}`; its answer is a line `{"outputs": {name: nested lists}}`.
"""

import json
import sys

import numpy as np
import openvino
import openvino_tokenizers  # noqa: F401  It brings the operations on strings.


def main(folder: str) -> None:
    core = openvino.Core()
    model = core.compile_model(core.read_model(folder), "CPU")
    for line in sys.stdin:
        inputs = json.loads(line)["inputs"]
        given = {
            place: np.array([text.encode() for text in value])
            for place in model.inputs
            for name, value in inputs.items()
            if any(each.removesuffix(":0").endswith(name) for each in place.get_names())
        }
        outputs = model(given)
        answer = {
            name: value.tolist()
            for place, value in outputs.items()
            for name in place.get_names()
            if ":" not in name
        }
        print(json.dumps({"outputs": answer}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
