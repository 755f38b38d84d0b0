"""Writing SavedModels that TensorFlow Serving can pick up."""

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import keras
import tensorflow as tf

from rnnzoo.versions import versions

_INCOMPLETE = ".incomplete-"
_STALE_SECONDS = 3600


@dataclass(frozen=True)
class Signature:
    """What a model answers under one name.

    Args:
        function: takes tensors, returns a dictionary of tensors, the batch as the
            first dimension of each.
        inputs: a named `tf.TensorSpec` for each argument of `function`.
    """

    function: Callable[..., Mapping[str, tf.Tensor]]
    inputs: list[tf.TensorSpec]


def export_saved_model(
    model: keras.Model, signatures: Mapping[str, Signature], directory: str | Path
) -> Path:
    """Writes a model as the next version of a served model.

    The SavedModel is written under a name that a server passes over and then
    renamed, so that a version directory is either whole or not there.

    Args:
        model: the model whose weights and tables the signatures use.
        signatures: by name; the first one is also the `serving_default`.
        directory: the served model's directory, which holds a folder a version.

    Returns:
        The version's path, `directory/1` the first time.
    """
    base = Path(directory)
    base.mkdir(parents=True, exist_ok=True)
    _remove_stale(base)
    temporary = base / f"{_INCOMPLETE}{time.time_ns()}"
    archive = keras.export.ExportArchive()
    archive.track(model)
    for name, signature in signatures.items():
        archive.add_endpoint(name, signature.function, signature.inputs)
    try:
        archive.write_out(str(temporary), verbose=False)
    except Exception:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return _publish(temporary, base)


def _publish(temporary: Path, base: Path) -> Path:
    version = max(versions(base), default=0) + 1
    while True:
        try:
            return temporary.rename(base / str(version))
        except OSError:
            # Another export took this number in the meantime.
            if not (base / str(version)).exists():
                raise
            version += 1


def _remove_stale(base: Path) -> None:
    """Removes what exports left behind that were killed on the way."""
    for path in base.glob(f"{_INCOMPLETE}*"):
        if time.time() - path.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(path, ignore_errors=True)
