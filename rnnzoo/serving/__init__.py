"""Asking exported models. Nothing here knows layers or models: SavedModels only."""

from rnnzoo.serving.client import Client
from rnnzoo.serving.errors import ServingError
from rnnzoo.serving.local_server import LocalServer
from rnnzoo.serving.saved_model import ServedModel
from rnnzoo.serving.tagged_spans import tagged_spans

__all__ = ["Client", "LocalServer", "ServedModel", "ServingError", "tagged_spans"]
