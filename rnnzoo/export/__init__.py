"""Export of models as SavedModels for TensorFlow Serving."""

from rnnzoo.export.model_card import write_model_card
from rnnzoo.export.saved_model import export_saved_model
from rnnzoo.export.signature import Signature

__all__ = ["Signature", "export_saved_model", "write_model_card"]
