"""Settings: declared once, checked by what their annotation says."""

import dataclasses
import json
from typing import Annotated

import keras
import pytest

from rnnzoo.layers import GRU
from rnnzoo.registry import find_recipe, list_recipes
from rnnzoo.tasks.config import (
    AFTER_TRAINING,
    Cell,
    Choice,
    Config,
    Count,
    Flag,
    Names,
    NotNegative,
    Number,
    Positive,
    Rate,
    Size,
    check_names,
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings(Config):
    """One setting of every kind.

    Args:
        size: Number of things.
        count: Number of other things,
            over two lines.
    """

    size: Size = 1
    count: Count = 0
    rate: Rate = 0.5
    positive: Positive = 1.0
    not_negative: NotNegative = 0.0
    number: Number = -1.0
    flag: Flag = False
    cell: Cell = "lstm"
    names: Names | None = None
    choice: Choice["one", "two"] = "one"  # noqa: F821
    maybe: Choice["one", "two"] | None = None  # noqa: F821
    beam: Annotated[Size, AFTER_TRAINING] = 5

    def check(self):
        if self.flag and self.size < 2:
            raise ValueError(f"`flag` needs `size` of at least 2, got {self.size}.")


WRONG = {
    "size": (0, -1, 2.5, True, "4", None),
    "count": (-1, 0.5, True),
    "rate": (1, -0.1, float("nan"), "x", True),
    "positive": (0, -1, float("inf"), "x"),
    "not_negative": (-1e-9, float("nan")),
    "number": (float("nan"), float("inf"), "x", True),
    "flag": (1, "no", None),
    "cell": ("ltsm", 7, dict),
    "names": (["one"], "ab", ["one", "one"]),
    "choice": ("three", None),
    "maybe": ("three",),
    "beam": (0,),
}


@pytest.mark.parametrize(
    ("name", "value"), [(n, v) for n, values in WRONG.items() for v in values]
)
def test_a_wrong_value_is_refused_by_name_and_value(name, value):
    with pytest.raises(ValueError) as error:
        Settings(**{name: value})
    assert name in str(error.value)
    assert repr(value) in str(error.value)


def test_every_kind_has_a_test():
    own = set(Settings.settings()) - set(Config.settings())
    assert own == set(WRONG)


def test_right_values_are_kept():
    settings = Settings(maybe=None, names=("a", "b"), cell=GRU, count=0, clipnorm=None)
    assert settings.cell is GRU
    assert settings.get_config()["cell"] == "rnnzoo>GRU"
    assert Settings(**settings.get_config()).get_config() == settings.get_config()
    json.dumps(settings.get_config())


def test_settings_that_do_not_go_together_are_refused():
    with pytest.raises(ValueError, match=r"size.*1"):
        Settings(flag=True)
    assert Settings(flag=True, size=2).flag


def test_documentation_and_defaults_are_read_from_the_declaration():
    settings = Settings.settings()
    assert settings["count"].doc == "Number of other things, over two lines."
    assert settings["batch_size"].doc.startswith("Number of examples")
    assert settings["rate"].default == 0.5
    assert settings["maybe"].optional
    assert not settings["choice"].optional


def test_flags_are_parsed_as_the_annotation_says():
    settings = Settings.settings()
    assert settings["size"].parse("3") == 3
    assert settings["names"].parse("a,b") == ("a", "b")
    assert settings["maybe"].parse("none") is None
    assert settings["clipnorm"].parse("None") is None
    with pytest.raises(ValueError, match="none"):
        settings["rate"].parse("none")


def test_training_settings_leave_out_what_training_does_not_depend_on():
    trained = Settings(beam=3).training_settings()
    assert "beam" not in trained
    assert trained == Settings(beam=4).training_settings()
    assert trained != Settings(beam=3, size=2).training_settings()


def test_an_unknown_setting_suggests_the_nearest():
    with pytest.raises(TypeError, match=r"'siez'.*'size'"):
        check_names(Settings, {"siez": 1})


@pytest.mark.parametrize("recipe", list_recipes())
def test_every_setting_of_a_recipe_is_documented(recipe):
    for name, setting in find_recipe(recipe).task.Config.settings().items():
        assert setting.doc.endswith("."), name


def test_a_class_that_is_not_registered_with_keras_is_named_on_loading():
    class Own(GRU):
        pass

    name = Settings(cell=Own).get_config()["cell"]
    assert name == keras.saving.get_registered_name(Own)
    with pytest.raises(ValueError, match="Own"):
        Settings(cell=name)
