"""The import rules of the package's rooms, see ARCHITECTURE.md."""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "rnnzoo"
TASKS = PACKAGE / "tasks"
MAY_IMPORT = {
    "answers": set(),
    "checks": set(),
    "data": {"checks"},
    "decoding": {"checks"},
    "export": {"answers", "versions"},
    "layers": {"checks", "names", "spans"},
    "metrics": {"spans"},
    "names": set(),
    "plots": set(),
    "recipes": {"registry", "tasks"},
    "docstrings": set(),
    "registry": {"docstrings", "names"},
    "serving": {"answers", "checks", "spans", "versions"},
    "spans": {"names"},
    "text": {"checks"},
    "training": {
        *("checks", "data", "docstrings", "names", "plots", "registry", "versions")
    },
    "versions": set(),
    # A task may use every shared room. Those below it must not use a task.
    "tasks": {
        *("answers", "checks", "data", "decoding", "export", "layers", "metrics"),
        *("docstrings", "names", "plots", "registry", "spans", "text", "training"),
    },
    # The doors.
    "__init__": {"checks", "recipes"},
    "__main__": {"recipes", "registry", "serving", "training"},
}
# Rooms that work where Keras is not installed.
WITHOUT_KERAS = {
    *("answers", "checks", "decoding", "metrics", "names", "plots", "serving"),
    *("spans", "versions"),
}
# Rooms that may name tasks: the tasks, their public face, and the doors.
NAME_TASKS = {"tasks", "recipes"}
# What a word means where it is not a task: messages of TensorFlow Serving's protocol,
# and what a public data set holds.
OTHER_MEANINGS = {"serving": {"classification"}, "builders": {"translation"}}
FILES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The modules that a file imports, and the names it takes from packages."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            found |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
    return found


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_room_imports_only_what_it_may(path):
    modules = imported(path)
    rooms = {m.split(".")[1] for m in modules if m.startswith("rnnzoo.")}
    rooms -= {"__version__"}
    assert rooms - {room(path)} <= MAY_IMPORT[room(path)]
    if room(path) in WITHOUT_KERAS:
        assert "keras" not in {m.split(".")[0] for m in modules}


def test_every_room_is_listed():
    assert {room(path) for path in FILES} == set(MAY_IMPORT)


def task_folders() -> list[str]:
    return sorted(path.parent.name for path in TASKS.glob("*/model.py"))


@pytest.mark.parametrize("task", task_folders())
def test_a_task_imports_no_other_task(task):
    shared = {path.stem for path in TASKS.glob("*.py")}
    for path in (TASKS / task).rglob("*.py"):
        modules = {m for m in imported(path) if m.startswith("rnnzoo.tasks.")}
        used = {m.split(".")[2] for m in modules}
        assert used <= {task, *shared}, path


def test_what_tasks_share_imports_no_task():
    for path in TASKS.glob("*.py"):
        modules = {m for m in imported(path) if m.startswith("rnnzoo.tasks.")}
        assert not {m.split(".")[2] for m in modules} & {*task_folders()}, path


def names_in(path: Path) -> set[str]:
    """The words of all names and of all texts of a file but docstrings."""
    tree = ast.parse(path.read_text())
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    texts = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts += [] if id(node) in docstrings else [node.value]
        for field in ("id", "attr", "name", "arg", "module"):
            texts.append(getattr(node, field, None) or "")
    return {word.lower() for text in texts for word in re.split(r"[^A-Za-z]+", text)}


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_shared_module_names_a_task(path):
    """Only a task's own folder and the public face know the name of a task."""
    if room(path) in NAME_TASKS and path.parent != TASKS:
        return
    tasks = {*task_folders()} - OTHER_MEANINGS.get(path.parent.name, set())
    assert not names_in(path) & tasks
