"""Scripts of the repository, as modules."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]


def run(path: str, *arguments) -> subprocess.CompletedProcess:
    """Runs a script by its path in the repository, as from a shell there."""
    return subprocess.run(
        [sys.executable, path, *arguments], cwd=ROOT, capture_output=True, text=True
    )


def load(path: str) -> ModuleType:
    """Imports a script by its path in the repository, without running it.

    As when Python runs it, it may import its neighbours.
    """
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str((ROOT / path).parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module
