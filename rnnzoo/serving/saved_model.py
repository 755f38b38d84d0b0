"""`ServedModel`: runs a SavedModel in this process."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf

from rnnzoo.answers import PER_TOKEN_FILE, answer_examples
from rnnzoo.versions import versions

WRITTEN_BY = "The scripts in recipes/ write one."
_BATCH = 64  # Limits the memory for many long rows.


class ServedModel:
    """An exported model, loaded without the code that made it.

    Args:
        path: Folder of a served model (loads the newest version) or of a version.
        signature: Name of the signature to run.

    Attributes:
        inputs: A named `tf.TensorSpec` for each input of the signature.

    Raises:
        FileNotFoundError: If there is no SavedModel.
        ValueError: If it has no such signature.
    """

    def __init__(self, path: str | Path, signature: str = "serving_default"):
        self.path = _newest_version(Path(path))
        self._model = tf.saved_model.load(str(self.path))
        signatures = self._model.signatures
        if signature not in signatures:
            raise ValueError(
                f"The model has no signature {signature!r}. It has: "
                f"{', '.join(sorted(signatures)) or 'none'}."
            )
        self._answer = signatures[signature]
        specs = self._answer.structured_input_signature[1]
        self.inputs: Sequence[tf.TensorSpec] = list(specs.values())
        file = self.path / PER_TOKEN_FILE
        per_token = json.loads(file.read_text()) if file.exists() else {}
        self._per_token = per_token.get(signature, ())

    def predict(self, rows: Any) -> list[dict]:
        """Returns a dictionary of outputs, such as `label` and `score`, for each row.

        Outputs with a value for each token are cut where the tokens end.

        Args:
            rows: Values of the input, such as texts (`str` or UTF-8 `bytes`), or a
                dictionary by input for each row. A single text becomes a list.

        Raises:
            TypeError: If a value of a text input is not a text.
            ValueError: If a row has other inputs, or a value has another rank.
        """
        return answer_examples(self._ask, self.inputs, rows, _BATCH, self._per_token)

    def _ask(self, arrays):
        return self._answer(**{k: tf.constant(v) for k, v in arrays.items()})


def _newest_version(path: Path) -> Path:
    if (path / "saved_model.pb").exists():
        return path
    exported = [path / str(number) for number in versions(path)]
    exported = [v for v in exported if (v / "saved_model.pb").exists()]
    if not exported:
        raise FileNotFoundError(
            f"There is no SavedModel at {path}: expected {path / 'saved_model.pb'} or "
            f"{path / '1' / 'saved_model.pb'}. {WRITTEN_BY}"
        )
    return exported[-1]
