"""`Models`: the models of a folder, in all their versions, as they come and go."""

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from rnnzoo.serving.errors import ServingError, invalid
from rnnzoo.serving.loaded_version import LoadedVersion
from rnnzoo.serving.warm_up import warm_up
from rnnzoo.versions import versions

_LOG = logging.getLogger(__name__)
Key = tuple[str, int]


@dataclass(frozen=True)
class State:
    """Where a version stands, in the words of TensorFlow Serving's status."""

    state: str
    error: str = ""


class Models:
    """Loads every version of every model of a folder.

    Args:
        directory: a folder of models (`saved_models/`), or one model's own, which
            holds its versions.

    What has been asked for goes on with the version that it was given, whether that
    is still there or not.
    """

    def __init__(self, directory: str | Path):
        self.directory = Path(directory)
        # Told apart once: a folder that somebody calls "2024" makes no model of all.
        saved = (self.directory / str(n) for n in versions(self.directory))
        self._is_model = any((path / "saved_model.pb").exists() for path in saved)
        self._loaded: dict[Key, LoadedVersion] = {}
        self._states: dict[Key, State] = {}
        self._failed: dict[Key, float] = {}
        self._scanning = threading.Lock()

    def scan(self) -> None:
        """Loads what is new in the folder, and forgets what is gone."""
        if not self.directory.is_dir():  # Away for a moment, perhaps.
            _LOG.warning("There is no folder %s", self.directory)
            return
        with self._scanning:
            found = self._found()
            for key in sorted(found):
                # One that failed may have been copied here, and not been whole then.
                if key not in self._states or self._has_changed(key, found[key]):
                    self._load(key, found[key])
            for key in self._states.keys() - found.keys():
                # Replaced as a whole: a reader never sees it half changed.
                self._loaded = {k: v for k, v in self._loaded.items() if k != key}
                self._states = {k: v for k, v in self._states.items() if k != key}
                _LOG.info("Unloaded %s, version %d", *key)

    def get(
        self, name: str, version: int | None = None, label: str | None = None
    ) -> LoadedVersion:
        """A model's version, by default its newest.

        Raises:
            ServingError: NOT_FOUND, if it is not there; INVALID_ARGUMENT for any label:
                they are given in a server's configuration, and this one has none.
        """
        if label:
            raise invalid(f"Unrecognized servable version label: {label}")
        loaded = self._loaded
        numbers = [number for other, number in loaded if other == name]
        if version is None and numbers:
            version = max(numbers)
        if (name, version) not in loaded:
            asked = f"Latest({name})"
            if version is not None:
                asked = f"Specific({name}, {version})"
            raise ServingError("NOT_FOUND", f"Servable not found for request: {asked}")
        return loaded[name, version]

    def states(self, name: str, version: int | None = None) -> dict[int, State]:
        """Where a model's versions stand, the newest first.

        Raises:
            ServingError: NOT_FOUND, if there is none.
        """
        found = {
            n: state for (other, n), state in self._states.items() if other == name
        }
        if not found:
            raise ServingError(
                "NOT_FOUND", f"Could not find any versions of model {name}"
            )
        if version is not None and version not in found:
            raise ServingError(
                "NOT_FOUND", f"Could not find version {version} of model {name}"
            )
        wanted = found if version is None else {version}
        return {number: found[number] for number in sorted(wanted, reverse=True)}

    def errors(self) -> list[str]:
        """Why versions could not be loaded."""
        return [
            f"{name}, version {number}: {state.error}"
            for (name, number), state in sorted(self._states.items())
            if state.error
        ]

    def names(self) -> list[str]:
        """The models that can answer."""
        return sorted({name for name, _ in self._loaded})

    def _found(self) -> dict[Key, Path]:
        base = self.directory.absolute()
        models = [base] if self._is_model else [p for p in base.glob("*") if p.is_dir()]
        return {
            (model.name, number): model / str(number)
            for model in models
            for number in versions(model)
        }

    def _has_changed(self, key: Key, path: Path) -> bool:
        return key in self._failed and self._failed[key] != _changed_at(path)

    def _load(self, key: Key, path: Path) -> None:
        changed_at = _changed_at(path)
        self._failed.pop(key, None)
        self._states = {**self._states, key: State("LOADING")}
        try:
            loaded = LoadedVersion(*key, path)
            warm_up(loaded, path)
        # Whatever is wrong with one version, the others are served.
        except Exception as error:
            _LOG.exception("Cannot load %s", path)
            self._failed[key] = changed_at
            self._states = {**self._states, key: State("END", str(error))}
            return
        self._loaded = {**self._loaded, key: loaded}
        self._states = {**self._states, key: State("AVAILABLE")}
        _LOG.info("Loaded %s, version %d", *key)


def _changed_at(path: Path) -> float:
    """When something in a folder last changed; links may lead nowhere."""
    return max(each.lstat().st_mtime for each in (path, *path.rglob("*")))
