"""Examples for the shared tests of tasks: the toy task keeps to their contract."""

from toy.recipes import averager_gru

RECIPE = averager_gru.__name__
X = [[1.0, 2.0, 0.5], [3.0], [-1.0, 0.5]] * 3
Y = [1.2, 3.0, -0.25] * 3
OTHER_X, OTHER_Y = [[0.5, 1.0]], [0.75]  # Held out.
ASKED = [{"series": [1.0], "lengths": 1}, {"series": [2.0, 3.0], "lengths": 2}]
METRICS = ["mae"]
EXPORTS = {}  # `test_toy_task.py` serves it.
