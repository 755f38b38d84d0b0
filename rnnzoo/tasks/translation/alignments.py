"""Attention weights of translations."""

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from rnnzoo.answers import plain
from rnnzoo.text import BEGIN


class Alignment(NamedTuple):
    """The attention weights of a translation.

    Attributes:
        source: Tokens of the source, its end "" included.
        target: Tokens of the translation.
        weights: float32 `(target, source)`: the attention; rows sum to one.
    """

    source: list[str]
    target: list[str]
    weights: np.ndarray


def align(model, text: tf.Tensor) -> Alignment:
    """Returns the attention of the greedy translation of one text.

    Args:
        model: An adapted `Translator` with attention.
        text: String tensor `(1,)`. A blank text has no translation.
    """
    source = model.to_inputs(text)
    if model.max_steps(source)[0] == 0:  # Keras warns of attention to a single step.
        return Alignment([""], [], np.zeros([0, 1], "float32"))
    written = model.write_greedily(text).tokens
    # Each token was written after those before it.
    before = tf.concat([[[BEGIN]], written[:, :-1]], axis=1)
    _, weights = model.network.write(before, model.network.read(source))
    sides = (model.texts.source, source), (model.texts.target, written)
    names = (plain(side.pieces(ids)[0].numpy()) for side, ids in sides)
    weights = tf.cast(weights[0, : tf.shape(written)[1]], tf.float32)
    return Alignment(*names, weights.numpy())
