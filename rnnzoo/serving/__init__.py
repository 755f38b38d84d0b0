"""Asking exported models. Nothing here knows layers or models: SavedModels only."""

from rnnzoo.serving.saved_model import ServedModel

__all__ = ["ServedModel"]
