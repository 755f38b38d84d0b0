"""Checks of what recurrent layers and cells are given, with errors that name it."""

import inspect
from collections.abc import Callable, Sequence

import tensorflow as tf

from rnnzoo.checks import check_positive, check_rates


def checked_arguments(
    init: Callable, args: Sequence, kwargs: dict
) -> tuple[dict, dict]:
    """The arguments of a constructor of Keras by name, its size and rates checked.

    Keras itself takes 2.5 units, and makes a rate of -1 one of 0.

    Returns:
        Those that the constructor names, with its defaults, and the others.

    Raises:
        ValueError: if one is out of range.
        TypeError: if the arguments do not fit the constructor.
    """
    bound = inspect.signature(init).bind(*args, **kwargs)
    bound.apply_defaults()
    given = dict(bound.arguments)
    others = given.pop("kwargs")
    check_positive(units=given["units"])
    check_rates(**{name: given[name] for name in ("dropout", "recurrent_dropout")})
    return given, others


def checked_use_cudnn(value: bool | str) -> bool | str:
    """The value itself, if Keras knows it; our loop is the same with any."""
    if value not in ("auto", True, False):
        raise ValueError(f"`use_cudnn` must be 'auto', True or False, got {value!r}.")
    return value


def check_sequences(sequences: tf.Tensor) -> None:
    """Raises a ValueError for what is no batch of sequences of one step or more."""
    shape = getattr(sequences, "shape", None)
    if shape is None:
        return
    if len(shape) != 3:
        raise ValueError(
            "`sequences` must have the shape (batch, time, features), got "
            f"{tuple(shape)}. One sequence alone becomes a batch by `sequences[None]`."
        )
    if shape[1] == 0:
        raise ValueError(
            "`sequences` must have at least one step, got (batch, time, features) = "
            f"{tuple(shape)}. Pad what is empty, and mask the padding."
        )


def check_states(
    states: Sequence[tf.Tensor], inputs: tf.Tensor, sizes: Sequence[int]
) -> None:
    """Raises a ValueError if the states are not `(batch, size)`, one for each size."""
    shapes = [tuple(state.shape) for state in states]
    wanted = [(inputs.shape[0], size) for size in sizes]
    if len(shapes) != len(wanted) or not all(
        tf.TensorShape(got).is_compatible_with(want)
        for got, want in zip(shapes, wanted, strict=True)
    ):
        batch = inputs.shape[0] or "batch"
        names = ", ".join(f"({batch}, {size})" for size in sizes)
        raise ValueError(
            f"`initial_state` must have the shapes {names}, (batch, size) of each "
            f"state; got {', '.join(map(str, shapes))}."
        )


def check_mask(mask: tf.Tensor | None, inputs: tf.Tensor) -> None:
    """Raises a ValueError if the mask is not boolean, or not `(batch, time)`."""
    if mask is None:
        return
    expected = inputs.shape[:2]
    if mask.dtype != tf.bool:
        raise ValueError(
            f"`mask` must be boolean, got {tf.as_dtype(mask.dtype).name}. A mask of "
            'numbers becomes boolean by `keras.ops.cast(mask, "bool")`.'
        )
    if not expected.is_compatible_with(mask.shape):
        raise ValueError(
            f"`mask` must have the shape (batch, time) = {tuple(expected)} of "
            f"`sequences`, got {tuple(mask.shape)}."
        )
