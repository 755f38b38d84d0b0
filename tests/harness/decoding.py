"""A tiny model whose every sequence can be gone through."""

import itertools

import numpy as np
import tensorflow as tf

from rnnzoo.decoding import StepOutput

END, WORDS = 2, (2, 3, 4)  # the tokens that may come; 0 pads, 1 begins
SIZE, STATE, SOURCE = 5, 3, 4


class TinyModel:
    """A recurrence with weights by chance, which remembers the whole beginning."""

    def __init__(self, seed, rows, peaked=1.5):
        generator = np.random.default_rng(seed)
        self.inputs = generator.normal(size=(SIZE, STATE)).astype("float32")
        self.recurrent = generator.normal(size=(STATE, STATE)).astype("float32")
        self.outputs = peaked * generator.normal(size=(STATE, SIZE)).astype("float32")
        self.reading = generator.normal(size=(STATE, SOURCE)).astype("float32")
        self.start = generator.normal(size=(rows, STATE)).astype("float32")
        self.outputs_bias = np.array([-np.inf, -np.inf, 0, 0, 0], "float32")

    def step(self, tokens, states):
        (state,) = states
        state = tf.tanh(tf.gather(self.inputs, tokens) + state @ self.recurrent)
        attention = tf.nn.softmax(state @ self.reading)
        return StepOutput(state @ self.outputs + self.outputs_bias, (state,), attention)

    def states(self):
        return (tf.constant(self.start),)

    def judge(self, row, tokens):
        """Log probability of some tokens, and what of the source was read, by NumPy."""
        state, total, covered = self.start[row], 0.0, np.zeros(SOURCE)
        for last, token in itertools.pairwise([1, *tokens]):
            state = np.tanh(self.inputs[last] + state @ self.recurrent)
            logits = state @ self.outputs + self.outputs_bias
            total += logits[token] - np.log(np.exp(logits[2:]).sum())
            read = np.exp(state @ self.reading)
            covered += read / read.sum()
        return total, covered


def hypotheses(max_steps):
    """All that may be decoded: ended, or as long as may be."""
    for length in range(1, max_steps + 1):
        for tokens in itertools.product(WORDS[1:], repeat=length - 1):
            yield (*tokens, END)
    yield from itertools.product(WORDS[1:], repeat=max_steps)


def trimmed(tokens):
    """Without the padding behind."""
    return tuple(int(token) for token in tokens if token)
