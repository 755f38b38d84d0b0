"""From a step function to whole sequences, in the graph, for any model."""

from rnnzoo.decoding.beam_search import beam_search
from rnnzoo.decoding.rollout import greedy_search, sample
from rnnzoo.decoding.step import NEVER, Hypotheses, Step, StepOutput

__all__ = [
    "NEVER",
    "Hypotheses",
    "Step",
    "StepOutput",
    "beam_search",
    "greedy_search",
    "sample",
]
