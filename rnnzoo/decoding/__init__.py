"""Decoding of sequences in the graph, for any model with a step function."""

from rnnzoo.decoding.beam_search import beam_search
from rnnzoo.decoding.rollout import greedy_search, sample
from rnnzoo.decoding.step import NEVER, Hypotheses, Step, StepOutput

__all__ = ["NEVER", "Hypotheses", "Step", "StepOutput"]
__all__ += ["beam_search", "greedy_search", "sample"]
