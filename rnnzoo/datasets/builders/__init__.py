"""Builders for data sets that tensorflow-datasets has none for.

Importing this enters them there: `tfds.load("atis")` then works as any other.
"""

from rnnzoo.datasets.builders.multi30k import Multi30k
from rnnzoo.datasets.builders.slot_filling import Atis, Snips
from rnnzoo.datasets.builders.tatoeba_en_fr import TatoebaEnFr
from rnnzoo.datasets.builders.wikiann_en import WikiannEn

__all__ = ["Atis", "Multi30k", "Snips", "TatoebaEnFr", "WikiannEn"]
