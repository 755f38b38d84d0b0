"""The recipe of the toy task, and its script."""

from rnnzoo.registry import recipe
from rnnzoo.training.runner import Run, run_script, train_recipe
from toy.model import Averager


@recipe(Averager, units=4)
def averager_gru():
    """Averages numbers with a GRU."""


if __name__ == "__main__":
    run_script(
        lambda: train_recipe(
            Run(None, Averager, "averager_gru", __doc__, "python toy/recipes.py")
        )
    )
