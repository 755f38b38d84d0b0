"""What a translator reads while it writes."""

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from rnnzoo.answers import plain
from rnnzoo.decoding import greedy_search
from rnnzoo.tasks.translation.answers import Search
from rnnzoo.tasks.translation.network import TranslationNetwork
from rnnzoo.tasks.translation.texts import TranslationTexts
from rnnzoo.text import BEGIN


class Alignment(NamedTuple):
    """What was read for each token of a translation.

    Attributes:
        source: the tokens of the source, its end, "", included.
        target: those of the translation.
        weights: float32 `(target, source)`: the attention, rows sum up to one.
    """

    source: list[str]
    target: list[str]
    weights: np.ndarray


def align(
    network: TranslationNetwork,
    texts: TranslationTexts,
    text: tf.Tensor,
    search: Search,
) -> Alignment:
    """The attention of the greedy translation of one text.

    Args:
        network: one with attention.
        texts: makes its ids, and names these.
        text: the text, a string tensor `(1,)`. A blank one has no translation, and
            nothing is read.
        search: how long the translation may be.
    """
    source = texts.source_ids(text)
    most = search.most_steps(source)
    if most[0] == 0:  # Keras warns of attention that has but one step to read
        return Alignment([""], [], np.zeros([0, 1], "float32"))
    memory = network.read(source)
    written = greedy_search(network.step(memory), memory.states, most).tokens
    # Each token was written after those before it.
    before = tf.concat([[[BEGIN]], written[:, :-1]], axis=1)
    _, weights = network.write(before, memory)
    sides = (texts.source, source), (texts.target, written)
    names = (plain(side.pieces(ids)[0].numpy()) for side, ids in sides)
    weights = tf.cast(weights[0, : tf.shape(written)[1]], tf.float32)
    return Alignment(*names, weights.numpy())
