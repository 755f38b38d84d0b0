"""Serving of exported models. Works on SavedModels alone, without layers or models."""

from rnnzoo.serving.client import Client
from rnnzoo.serving.errors import ServingError
from rnnzoo.serving.local_server import LocalServer
from rnnzoo.serving.saved_model import ServedModel
from rnnzoo.serving.tagged_spans import tagged_spans

__all__ = ["Client", "LocalServer", "ServedModel", "ServingError", "tagged_spans"]
