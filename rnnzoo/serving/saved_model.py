"""A SavedModel, asked in this process."""

from collections.abc import Sequence
from pathlib import Path

import tensorflow as tf

from rnnzoo.answers import answer_in_batches, words_only
from rnnzoo.versions import versions

WRITTEN_BY = (
    "The scripts write one: "
    "python recipes/sentiment.py, recipes/tagging.py, recipes/translation.py"
)
_BATCH = 64  # Bounds the memory that many long texts take at once.


class ServedModel:
    """An exported text model, loaded without the code that made it.

    Args:
        path: a served model's directory (its newest version is taken), or that of
            one version.
        signature: which of its signatures answers; one that takes `text`.

    Raises:
        FileNotFoundError: if there is no SavedModel.
        ValueError: if it has no such signature.
    """

    def __init__(self, path: str | Path, signature: str = "serving_default"):
        self.path = _newest_version(Path(path))
        self._model = tf.saved_model.load(str(self.path))
        self._answer = _text_signature(self._model, signature)

    def predict(self, texts: str | bytes | Sequence[str | bytes]) -> list[dict]:
        """Answers texts.

        Args:
            texts: texts, `str` or UTF-8 `bytes`; one alone is taken as a list of one.

        Returns:
            For each text a dictionary of the model's outputs: `label`, `score`, ...,
            or for a tagger `tokens`, `tags`, ..., without the padding of the batch.
        """
        rows = answer_in_batches(
            lambda batch: self._answer(text=tf.constant(batch)), texts, _BATCH
        )
        return [words_only(row) for row in rows]


def _text_signature(model, name):
    answering_text = {
        key: function
        for key, function in model.signatures.items()
        if list(function.structured_input_signature[1]) == ["text"]
    }
    if name not in answering_text:
        raise ValueError(
            f"The model has no signature {name!r} that takes `text`. It has: "
            f"{', '.join(sorted(answering_text)) or 'none'}."
        )
    return answering_text[name]


def _newest_version(path: Path) -> Path:
    if (path / "saved_model.pb").exists():
        return path
    found = [path / str(n) for n in versions(path)]
    found = [version for version in found if (version / "saved_model.pb").exists()]
    if not found:
        raise FileNotFoundError(
            f"There is no SavedModel at {path}: expected {path / 'saved_model.pb'} or "
            f"{path / '1' / 'saved_model.pb'}. {WRITTEN_BY}"
        )
    return found[-1]
