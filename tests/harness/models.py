"""Small models, quickly made."""

from rnnzoo.recipes import build_recipe

SMALL = {"units": 4, "embedding_dim": 4, "batch_size": 4, "max_length": 16}


def small(recipe="sentiment_lstm", dataset=None, **settings):
    """A small model of a recipe, with a vocabulary if there is a data set."""
    model = build_recipe(recipe, **{**SMALL, **settings})
    if dataset is not None:
        model.adapt(dataset)
    return model
