"""Small models, quickly made."""

import keras
import numpy as np

from rnnzoo.recipes import build_recipe
from rnnzoo.registry import find_recipe

SMALL = {"units": 4, "embedding_dim": 4, "batch_size": 4, "max_length": 8}


def small(recipe="sentiment_lstm", dataset=None, **settings):
    """A small model of a recipe, adapted if there is a data set."""
    known = find_recipe(recipe).task.Config.settings()
    sizes = {name: value for name, value in SMALL.items() if name in known}
    model = build_recipe(recipe, **{**sizes, **settings})
    if dataset is not None:
        model.adapt(dataset)
    return uncompiled(model)


def uncompiled(model: keras.Model) -> keras.Model:
    """The model, to be trained step by step: a few rows take longer to compile."""
    model.run_eagerly = True
    return model


def varied(model: keras.Model) -> keras.Model:
    """The model with large weights: the answers of untrained ones are much alike."""
    rng = np.random.default_rng(0)
    for weight in model.trainable_variables:
        weight.assign(rng.normal(0, 0.5, weight.shape))
    return model
