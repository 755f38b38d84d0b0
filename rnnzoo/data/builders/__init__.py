"""Builders of data sets that tensorflow-datasets lacks.

Importing this module registers them: `tfds.load("atis")` then works.
"""

from rnnzoo.data.builders.multi30k import Multi30k
from rnnzoo.data.builders.slot_filling import Atis, Snips
from rnnzoo.data.builders.tatoeba_en_fr import TatoebaEnFr
from rnnzoo.data.builders.wikiann_en import WikiannEn

__all__ = ["Atis", "Multi30k", "Snips", "TatoebaEnFr", "WikiannEn"]
