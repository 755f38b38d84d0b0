"""Recurrent networks for Keras 3 on TensorFlow, from raw text to served answer."""

import os
from importlib import import_module

__version__ = "0.1.0"
__all__ = ["build_recipe", "list_recipes"]


if os.environ.get("KERAS_BACKEND", "tensorflow") != "tensorflow":
    raise ImportError(
        "rnnzoo runs on Keras' TensorFlow backend alone, and KERAS_BACKEND is "
        f"{os.environ['KERAS_BACKEND']!r}. Unset it, or set it to 'tensorflow'."
    )


def __getattr__(name: str):
    # Keras takes seconds to import; `import rnnzoo` alone does not need it.
    if name in __all__:
        return getattr(import_module("rnnzoo.recipes"), name)
    raise AttributeError(f"module 'rnnzoo' has no attribute {name!r}")
