"""`export_saved_model`: a model as the next version of a served model."""

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

    What is written is checked for what a server fails on, and every signature is
    asked its example requests. Only then it gets its name: until there, it has one that
    a server passes over, so that a version directory is either whole or not there.

    Args:
        model: the model whose weights and tables the signatures use.
        signatures: by name; servers ask `serving_default` unless told otherwise.
        directory: the served model's directory, which holds a folder a version.
        about: for the model card, see `write_model_card`.

    Returns:
        The version's path, `directory/1` the first time. In it are, besides the
        SavedModel, `model_card.md` and requests for the server to warm up with.

    Raises:
        ValueError: if the model could not be served: it holds an operation that a
            server does not have, or fails on a request, or padding changes an answer.
    """
    base = Path(directory).absolute()
    base.mkdir(parents=True, exist_ok=True)
    _remove_stale(base)
    temporary = base / f"{_INCOMPLETE}{time.time_ns()}"
    try:
        _write(model, signatures, temporary)
        check_graph(temporary)
        half = model.compute_dtype in ("bfloat16", "float16")
        examples = ask_all(temporary, signatures, half)
        requests = [
            (name, request)
            for name, signature in signatures.items()
            for request in (*signature.alone(), signature.batch())
        ]
        write_warmup(temporary, base.name, requests)
        _write_per_token(temporary, signatures)
        write_model_card(temporary, base.name, about or {}, examples)
    except BaseException:  # Ctrl-C, too.
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
    """Writes which outputs clients cut where the tokens end."""
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
            # Another export took this number in the meantime.
            if not (base / str(version)).exists():
                raise
            version += 1


def _remove_stale(base: Path) -> None:
    """Removes what exports left behind that were killed on the way."""
    for path in base.glob(f"{_INCOMPLETE}*"):
        with contextlib.suppress(FileNotFoundError):  # Renamed by now.
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
