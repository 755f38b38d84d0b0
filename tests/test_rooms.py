"""Who may import whom: the rooms of ARCHITECTURE.md."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "rnnzoo"
MAY_IMPORT = {
    "answers": set(),
    "callbacks": {"versions"},
    "checks": set(),
    "datasets": {"text"},
    "decoding": {"checks"},
    "export": {"answers", "versions"},
    "layers": {"checks", "spans"},
    "models": {"answers", "checks", "decoding", "export", "layers", "names", "text"},
    "memory": set(),
    "names": set(),
    "recipes": {"checks", "layers", "models", "names"},
    "reports": {"spans"},
    "script": {"datasets", "memory", "names", "recipes", "reports", "training"},
    "serving": {"answers", "checks", "spans", "versions"},
    "spans": {"names"},
    "text": {"checks"},
    "training": {"callbacks", "checks", "names", "versions"},
    "versions": set(),
    # The doors: they may open onto any room.
    "__init__": {"checks", "recipes"},
    "__main__": {"recipes", "serving"},
}
# Where a room must not even know of Keras.
WITHOUT_KERAS = {
    "answers",
    "checks",
    "decoding",
    "memory",
    "names",
    "reports",
    "serving",
    "spans",
    "versions",
}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The modules that a file imports, and what it takes from packages."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            found |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=str)
def test_a_room_imports_only_what_it_may(path):
    modules = imported(path)
    rooms = {m.split(".")[1] for m in modules if m.startswith("rnnzoo.")}
    assert rooms - {room(path)} <= MAY_IMPORT[room(path)]
    if room(path) in WITHOUT_KERAS:
        assert "keras" not in {m.split(".")[0] for m in modules}


def test_every_room_is_listed():
    assert {room(path) for path in PACKAGE.rglob("*.py")} == set(MAY_IMPORT)
