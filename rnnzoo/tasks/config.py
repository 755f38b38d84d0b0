"""`Config`: the settings of a task, each declared once."""

import dataclasses
import functools
import typing
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import keras

from rnnzoo.checks import (
    check_class_names,
    check_counts,
    check_flags,
    check_not_negative,
    check_numbers,
    check_positive,
    check_positive_numbers,
    check_rates,
)
from rnnzoo.docstrings import argument_docs
from rnnzoo.layers import RecurrentEncoder, check_cells
from rnnzoo.names import look_up


@dataclasses.dataclass(frozen=True)
class Kind:
    """Check and parser of the values of a setting.

    Args:
        check: Raises a ValueError for a wrong value, which is passed by name.
        parse: Converts the text of a flag.
        choices: Allowed values, if there is a list of them.
    """

    check: Callable[..., None]
    parse: Callable[[str], Any]
    choices: tuple[str, ...] = ()


def _split(names: str) -> tuple[str, ...]:
    return tuple(names.split(","))


# The annotations of settings. Each carries its check.
Size = Annotated[int, Kind(check_positive, int)]
Count = Annotated[int, Kind(check_counts, int)]
Rate = Annotated[float, Kind(check_rates, float)]
Positive = Annotated[float, Kind(check_positive_numbers, float)]
NotNegative = Annotated[float, Kind(check_not_negative, float)]
Number = Annotated[float, Kind(check_numbers, float)]
Flag = Annotated[bool, Kind(check_flags, bool)]
Cell = Annotated[str | type, Kind(check_cells, str)]
Names = Annotated[tuple[str, ...], Kind(check_class_names, _split)]


class Choice:
    """Annotation `Choice["a", "b"]` of a setting with these values."""

    def __class_getitem__(cls, names: str | tuple[str, ...]):
        names = (names,) if isinstance(names, str) else names

        def check(**values):
            for name, value in values.items():
                look_up(name, value, dict.fromkeys(names))

        return Annotated[str, Kind(check, str, names)]


SCHEDULES = ("cosine", "constant")

# Marks a setting that does not affect training, so that an interrupted run can be
# resumed with another value of it.
AFTER_TRAINING = "after training"


@dataclasses.dataclass(frozen=True)
class Setting:
    """Setting of a `Config`, which may be `None` if it is `optional`.

    `trained` is whether training depends on it, `doc` its text in the docstring.
    """

    name: str
    default: Any
    kind: Kind
    optional: bool
    trained: bool
    doc: str

    def check(self, value: Any) -> None:
        """Raises a ValueError for an invalid value."""
        if value is not None or not self.optional:
            self.kind.check(**{self.name: value})

    @property
    def metavar(self) -> str:
        """Placeholder of the value in help texts."""
        if self.kind.choices:
            return "{" + ",".join(self.kind.choices) + "}"
        names = {int: "INT", float: "FLOAT", _split: "A,B,..."}
        return names.get(self.kind.parse, "TEXT")

    def parse(self, text: str) -> Any:
        """Returns the value of a flag's text; `None` for "none" if it is optional."""
        if self.optional and text.lower() == "none":
            return None
        return self.kind.parse(text)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config:
    """Settings of all tasks.

    Args:
        batch_size: Number of examples in a batch, in training and inference.
        learning_rate: Learning rate of Adam (Kingma & Ba 2015) at the first step.
        learning_rate_schedule: "cosine" to decay the learning rate to zero over the
            epochs of a `fit` along half a cosine (Loshchilov & Hutter 2017, without
            restarts), or "constant".
        clipnorm: Maximum global norm of the gradient (Pascanu et al. 2013), or `None`
            for no clipping.

    Raises:
        ValueError: If a setting is out of range, or two are incompatible.

    >>> Config(batch_size=0)
    Traceback (most recent call last):
    ValueError: `batch_size` must be a positive integer, got 0.
    """

    batch_size: Size = 64
    learning_rate: Positive = 1e-3
    learning_rate_schedule: Choice[SCHEDULES] = "cosine"
    clipnorm: Positive | None = 1.0

    def __post_init__(self):
        for setting in self.settings().values():
            setting.check(getattr(self, setting.name))
        self.check()

    def check(self) -> None:
        """Raises a ValueError for incompatible settings."""

    @classmethod
    @functools.cache
    def settings(cls) -> Mapping[str, Setting]:
        """Returns the settings of the class by name.

        >>> Config.settings()["batch_size"].default
        64
        """
        hints = typing.get_type_hints(cls, include_extras=True)
        docs = argument_docs(*reversed(cls.__mro__[:-1]))
        settings = {}
        for field in dataclasses.fields(cls):
            annotation, optional = _without_none(hints[field.name])
            kind, *marks = annotation.__metadata__
            settings[field.name] = Setting(
                field.name,
                default=field.default,
                kind=kind,
                optional=optional,
                trained=AFTER_TRAINING not in marks,
                doc=docs.get(field.name, ""),
            )
        return settings

    def get_config(self) -> dict[str, Any]:
        """Returns the settings as JSON-serializable values."""
        return {f.name: _plain(getattr(self, f.name)) for f in dataclasses.fields(self)}

    def training_settings(self) -> dict[str, Any]:
        """Returns the settings that training depends on: a run's resume key."""
        settings, config = self.settings(), self.get_config()
        return {name: config[name] for name in config if settings[name].trained}


@dataclasses.dataclass(frozen=True, kw_only=True)
class RecurrentConfig(Config):
    """Settings of a task whose network has a `RecurrentEncoder`.

    Args:
        cell: Name of the recurrent layer, a key of `rnnzoo.layers.RECURRENT_LAYERS`; in
            Python also a class, registered with Keras if the model is saved.
        units: Size of the recurrent state, per direction.
        num_layers: Number of recurrent layers of the encoder.
        bidirectional: Whether every layer of the encoder also reads from the end.
        residual: Whether every layer above the first adds its input to its output.
        embedding_dim: Size of the vectors of tokens.
        dropout: Fraction of the features dropped in training between the recurrent
            layers and above them.
    """

    cell: Cell = "lstm"
    units: Size = 128
    num_layers: Size = 1
    bidirectional: Flag = False
    residual: Flag = False
    embedding_dim: Size = 128
    dropout: Rate = 0.5

    def encoder(self, dtype: Any, return_state: bool = False) -> RecurrentEncoder:
        """Returns the encoder of the settings.

        Args:
            dtype: Dtype or dtype policy.
            return_state: Whether the encoder also returns its last states.
        """
        return RecurrentEncoder(
            self.cell,
            self.units,
            num_layers=self.num_layers,
            bidirectional=self.bidirectional,
            residual=self.residual,
            dropout=self.dropout,
            return_state=return_state,
            dtype=dtype,
        )


def check_names(config_class: type[Config], given: Mapping[str, Any]) -> None:
    """Raises a TypeError for unknown settings; suggests the nearest one.

    >>> check_names(Config, {"batch_sise": 32})
    Traceback (most recent call last):
    TypeError: Unknown setting 'batch_sise'. Did you mean 'batch_size'? Known: ...
    """
    for name in given:
        try:
            look_up("setting", name, config_class.settings())
        except ValueError as error:
            raise TypeError(str(error)) from None


def _without_none(annotation):
    """Returns an annotation without `| None`, and whether it had `| None`."""
    if typing.get_origin(annotation) is Annotated:
        return annotation, False
    (kind,) = (a for a in typing.get_args(annotation) if a is not type(None))
    return kind, True


def _plain(value):
    if isinstance(value, type):
        return keras.saving.get_registered_name(value)
    return list(value) if isinstance(value, tuple) else value
