"""Checks of the arguments and inputs of recurrent layers and cells."""

import inspect
from collections.abc import Callable, Sequence

import tensorflow as tf

from rnnzoo.checks import check_positive, check_rates


def checked_arguments(
    init: Callable, args: Sequence, kwargs: dict
) -> tuple[dict, dict]:
    """Returns the arguments of a Keras constructor by name; checks units and rates.

    Keras itself accepts 2.5 units and changes a rate of -1 to 0.

    Returns:
        The arguments that the constructor names, with its defaults, and the others.

    Raises:
        ValueError: If `units` is not a positive integer, or a rate is not in [0, 1).
        TypeError: If the arguments do not fit the constructor.
    """
    bound = inspect.signature(init).bind(*args, **kwargs)
    bound.apply_defaults()
    named = dict(bound.arguments)
    others = named.pop("kwargs")
    check_positive(units=named["units"])
    check_rates(**{name: named[name] for name in ("dropout", "recurrent_dropout")})
    return named, others


def checked_use_cudnn(value: bool | str) -> bool | str:
    """Returns the value if Keras accepts it; it does not change our loop."""
    if value not in ("auto", True, False):
        raise ValueError(f"`use_cudnn` must be 'auto', True or False, got {value!r}.")
    return value


def check_sequences(sequences: tf.Tensor) -> None:
    """Raises a ValueError if the input is not a batch of sequences with a step."""
    shape = getattr(sequences, "shape", None)
    if shape is None:
        return
    if len(shape) != 3:
        raise ValueError(
            "`sequences` must have the shape (batch, time, features), got "
            f"{tuple(shape)}. Make a batch of a single sequence by `sequences[None]`."
        )
    if shape[1] == 0:
        raise ValueError(
            "`sequences` must have at least one step, got (batch, time, features) = "
            f"{tuple(shape)}. Pad empty sequences and mask the padding."
        )


def check_states(
    states: Sequence[tf.Tensor], inputs: tf.Tensor, sizes: Sequence[int]
) -> None:
    """Raises a ValueError if the states are not `(batch, size)`, one for each size."""
    shapes = [tuple(state.shape) for state in states]
    if len(shapes) != len(sizes) or not all(
        tf.TensorShape(shape).is_compatible_with([inputs.shape[0], size])
        for shape, size in zip(shapes, sizes, strict=True)
    ):
        batch = inputs.shape[0] or "batch"
        names = ", ".join(f"({batch}, {size})" for size in sizes)
        raise ValueError(
            f"`initial_state` must have the shapes {names}, (batch, size) of each "
            f"state; got {', '.join(map(str, shapes))}."
        )


def check_mask(mask: tf.Tensor | None, inputs: tf.Tensor) -> None:
    """Raises a ValueError if the mask is not boolean of shape `(batch, time)`."""
    if mask is None:
        return
    expected = inputs.shape[:2]
    if mask.dtype != tf.bool:
        raise ValueError(
            f"`mask` must be boolean, got {tf.as_dtype(mask.dtype).name}. Convert a "
            'mask of numbers by `keras.ops.cast(mask, "bool")`.'
        )
    if not expected.is_compatible_with(mask.shape):
        raise ValueError(
            f"`mask` must have the shape (batch, time) = {tuple(expected)} of "
            f"`sequences`, got {tuple(mask.shape)}."
        )
