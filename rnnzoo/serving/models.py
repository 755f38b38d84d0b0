"""`Models`: all versions of the models in a folder, loaded as they appear."""

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from rnnzoo.serving.errors import invalid, not_found
from rnnzoo.serving.loaded_version import LoadedVersion
from rnnzoo.serving.warm_up import warm_up
from rnnzoo.versions import versions

_LOG = logging.getLogger(__name__)
Key = tuple[str, int]


@dataclass(frozen=True)
class State:
    """State of a version, as TensorFlow Serving names it."""

    state: str
    error: str = ""


class Models:
    """Loads every version of every model of a folder.

    Args:
        directory: Folder of models (`saved_models/`), or folder of one model.

    A request keeps the version that it got, even if the version is unloaded meanwhile.
    """

    def __init__(self, directory: str | Path):
        self.directory = Path(directory)
        # Decided once, since a model in a folder of models may be named "2024".
        folders = (self.directory / str(n) for n in versions(self.directory))
        self._is_model = any((path / "saved_model.pb").exists() for path in folders)
        self._loaded: dict[Key, LoadedVersion] = {}
        self._states: dict[Key, State] = {}
        self._failed: dict[Key, float] = {}
        self._scanning = threading.Lock()

    def scan(self) -> None:
        """Loads the new versions in the folder, and unloads the removed ones."""
        if not self.directory.is_dir():  # It may come back.
            _LOG.warning("There is no folder %s", self.directory)
            return
        with self._scanning:
            paths = self._version_paths()
            for key, path in sorted(paths.items()):
                # A version that failed may have been incomplete, and be whole now.
                if key not in self._states or self._has_changed(key, path):
                    self._load(key, path)
            for key in self._states.keys() - paths.keys():
                # Replaced, not changed, since other threads iterate over them.
                self._loaded = {k: v for k, v in self._loaded.items() if k != key}
                self._states = {k: v for k, v in self._states.items() if k != key}
                _LOG.info("Unloaded %s, version %d", *key)

    def get(
        self, name: str, version: int | None = None, label: str | None = None
    ) -> LoadedVersion:
        """Returns a version of a model, by default the newest.

        Raises:
            ServingError: NOT_FOUND if it is not loaded; INVALID_ARGUMENT for a label,
                since labels need a server configuration.
        """
        if label:
            raise invalid(f"Unrecognized servable version label: {label}")
        loaded = self._loaded
        numbers = [number for other, number in loaded if other == name]
        if version is None and numbers:
            version = max(numbers)
        if (name, version) in loaded:
            return loaded[name, version]
        request = (
            f"Latest({name})" if version is None else f"Specific({name}, {version})"
        )
        raise not_found(f"Servable not found for request: {request}")

    def states(self, name: str, version: int | None = None) -> dict[int, State]:
        """Returns the states of a model's versions, newest first.

        Raises:
            ServingError: NOT_FOUND if there is no such version.
        """
        states = {n: s for (other, n), s in self._states.items() if other == name}
        if not states:
            raise not_found(f"Could not find any versions of model {name}")
        if version is None:
            return {n: states[n] for n in sorted(states, reverse=True)}
        if version not in states:
            raise not_found(f"Could not find version {version} of model {name}")
        return {version: states[version]}

    def errors(self) -> list[str]:
        """Returns the errors of the versions that could not be loaded."""
        return [
            f"{name}, version {number}: {state.error}"
            for (name, number), state in sorted(self._states.items())
            if state.error
        ]

    def names(self) -> list[str]:
        """Returns the names of the loaded models."""
        return sorted({name for name, _ in self._loaded})

    def _version_paths(self) -> dict[Key, Path]:
        base = self.directory.absolute()
        models = [base] if self._is_model else [p for p in base.glob("*") if p.is_dir()]
        return {(m.name, n): m / str(n) for m in models for n in versions(m)}

    def _has_changed(self, key: Key, path: Path) -> bool:
        return key in self._failed and self._failed[key] != _changed_at(path)

    def _load(self, key: Key, path: Path) -> None:
        changed_at = _changed_at(path)
        self._failed.pop(key, None)
        self._states = {**self._states, key: State("LOADING")}
        try:
            loaded = LoadedVersion(*key, path)
            warm_up(loaded, path)
        # The other versions are served in any case.
        except Exception as error:
            _LOG.exception("Cannot load %s", path)
            self._failed[key] = changed_at
            self._states = {**self._states, key: State("END", str(error))}
            return
        self._loaded = {**self._loaded, key: loaded}
        self._states = {**self._states, key: State("AVAILABLE")}
        _LOG.info("Loaded %s, version %d", *key)


def _changed_at(path: Path) -> float:
    """Returns the last modification time in a folder. Broken links are no error."""
    return max(item.lstat().st_mtime for item in (path, *path.rglob("*")))
