"""`export_saved_model`: writes a model as the next version of a served model."""

import contextlib
import json
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

import keras

from rnnzoo.answers import PER_TOKEN_FILE
from rnnzoo.export.graph_check import check_graph
from rnnzoo.export.model_card import write_model_card
from rnnzoo.export.signature import Signature
from rnnzoo.export.smoke import ask_all
from rnnzoo.export.warmup import write_warmup
from rnnzoo.versions import versions

_INCOMPLETE = ".incomplete-"
_STALE_SECONDS = 3600


def export_saved_model(
    model: keras.Model,
    signatures: Mapping[str, Signature],
    directory: str | Path,
    about: Mapping[str, object] | None = None,
) -> Path:
    """Writes a model as the next version of a served model.

    Checks the SavedModel for operations that a server lacks, and sends the example
    requests to every signature. Until then the directory has a name that servers
    ignore, so that a version is either complete or not there.

    Args:
        model: Model whose weights and tables the signatures use.
        signatures: Signatures by name. Servers use `serving_default` by default.
        directory: Directory of the served model, with a folder for each version.
        about: Facts for the model card, see `write_model_card`.

    Returns:
        Path of the version, `directory/1` the first time. Besides the SavedModel it has
        `model_card.md` and warm-up requests.

    Raises:
        ValueError: If the model cannot be served: it has an operation that servers
            lack, fails on a request, or padding changes an answer.
    """
    base = Path(directory).absolute()
    base.mkdir(parents=True, exist_ok=True)
    _remove_stale(base)
    temporary = base / f"{_INCOMPLETE}{time.time_ns()}"
    try:
        _write(model, signatures, temporary)
        check_graph(temporary)
        half_precision = model.compute_dtype in ("bfloat16", "float16")
        examples = ask_all(temporary, signatures, half_precision)
        requests = [
            (name, request)
            for name, signature in signatures.items()
            for request in (*signature.alone(), signature.batch())
        ]
        write_warmup(temporary, base.name, requests)
        _write_per_token(temporary, signatures)
        write_model_card(temporary, base.name, about or {}, examples)
    except BaseException:  # Including KeyboardInterrupt.
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    published = _publish(temporary, base)
    return Path(directory) / published.name


def _write(model, signatures, path):
    archive = keras.export.ExportArchive()
    archive.track(model)
    for name, signature in signatures.items():
        function = _with_named_outputs(name, signature.function)
        archive.add_endpoint(name, function, signature.inputs)
    archive.write_out(str(path), verbose=False)


def _write_per_token(path, signatures):
    outputs = {name: list(s.per_token) for name, s in signatures.items() if s.per_token}
    if outputs:
        (path / PER_TOKEN_FILE).write_text(json.dumps(outputs, indent=2) + "\n")


def _with_named_outputs(name, function):
    def named(*tensors):
        outputs = function(*tensors)
        if not isinstance(outputs, Mapping):
            raise ValueError(
                f"The signature {name!r} must return a dictionary of tensors, got "
                f"{outputs!r}. Clients ask for outputs by their names."
            )
        return outputs

    return named


def _publish(temporary: Path, base: Path) -> Path:
    version = max(versions(base), default=0) + 1
    while True:
        try:
            return temporary.rename(base / str(version))
        except OSError:
            # Another export may have taken the number in the meantime.
            if not (base / str(version)).exists():
                raise
            version += 1


def _remove_stale(base: Path) -> None:
    """Removes the directories of exports that were killed."""
    for path in base.glob(f"{_INCOMPLETE}*"):
        with contextlib.suppress(FileNotFoundError):  # Renamed meanwhile.
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
