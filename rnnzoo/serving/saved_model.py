"""`ServedModel`: runs a SavedModel in this process."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf

from rnnzoo.answers import PER_TOKEN_FILE, answer_examples
from rnnzoo.versions import versions

WRITTEN_BY = "The scripts in recipes/ write one."
_BATCH = 64  # Bounds the memory that many long rows take at once.


class ServedModel:
    """An exported model, loaded without the code that made it.

    Args:
        path: Folder of a served model, whose newest version is taken, or of one
            version.
        signature: Name of the signature that answers.

    Attributes:
        inputs: A named `tf.TensorSpec` for each input of the signature.

    Raises:
        FileNotFoundError: If there is no SavedModel.
        ValueError: If it has no such signature.
    """

    def __init__(self, path: str | Path, signature: str = "serving_default"):
        self.path = _newest_version(Path(path))
        self._model = tf.saved_model.load(str(self.path))
        known = self._model.signatures
        if signature not in known:
            raise ValueError(
                f"The model has no signature {signature!r}. It has: "
                f"{', '.join(sorted(known)) or 'none'}."
            )
        self._answer = known[signature]
        specs = self._answer.structured_input_signature[1]
        self.inputs: Sequence[tf.TensorSpec] = list(specs.values())
        self._per_token = _per_token(self.path).get(signature, ())

    def predict(self, rows: Any) -> list[dict]:
        """Answers rows.

        Args:
            rows: For a signature of one input its values, such as texts (`str` or UTF-8
                `bytes`), one text alone taken as a list of one; for several inputs a
                dictionary by input for each row.

        Returns:
            For each row a dictionary of the outputs, such as `label` and `score`; those
            with a value for each token are cut where the tokens end.

        Raises:
            TypeError: If an input takes texts and something else is given.
            ValueError: If a row has other inputs, or one of another rank.
        """

        def ask(arrays):
            return self._answer(**{k: tf.constant(v) for k, v in arrays.items()})

        return answer_examples(ask, self.inputs, rows, _BATCH, self._per_token)


def _per_token(path: Path) -> dict[str, list[str]]:
    file = path / PER_TOKEN_FILE
    return json.loads(file.read_text()) if file.exists() else {}


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
