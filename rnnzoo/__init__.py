"""Recurrent networks for Keras 3 on TensorFlow, from raw text to served answer."""

from importlib import import_module

from rnnzoo.checks import check_backend

__version__ = "0.1.0"
__all__ = ["build_recipe", "list_recipes"]

check_backend()


def __getattr__(name: str):
    # Keras takes seconds to import; `import rnnzoo` alone does not need it.
    if name in __all__:
        return getattr(import_module("rnnzoo.recipes"), name)
    raise AttributeError(f"module 'rnnzoo' has no attribute {name!r}")
