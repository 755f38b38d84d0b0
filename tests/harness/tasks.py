"""Every task with a few examples, for the tests that run over all of them."""

from types import ModuleType

from harness.scripts import ROOT, load

FILES = sorted((ROOT / "tests" / "tasks").glob("*/examples.py"))
# By the name of the task's folder: RECIPE, X, Y, OTHER_X, OTHER_Y, ASKED, METRICS, and
# what `harness.exports` takes from there.
TASKS: dict[str, ModuleType] = {
    path.parent.name: load(str(path.relative_to(ROOT))) for path in FILES
}
