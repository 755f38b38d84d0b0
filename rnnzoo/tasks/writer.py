"""`Writer`: a task that writes tokens, greedily, by a beam or at random."""

import dataclasses
from typing import Annotated, Any, ClassVar, Protocol

import numpy as np
import tensorflow as tf

from rnnzoo.decoding import NEVER, Hypotheses, Step, beam_search, greedy_search, sample
from rnnzoo.export import Signature
from rnnzoo.names import look_up
from rnnzoo.tasks.base import Task, graph_function
from rnnzoo.tasks.config import (
    AFTER_TRAINING,
    Config,
    NotNegative,
    Number,
    Size,
)

Answers = dict[str, tf.Tensor]
# The score of a hypothesis that does not exist: JSON has no infinity.
LOWEST = tf.float32.min


class Memory(Protocol):
    """Encoded source that a network reads while it writes.

    Attributes:
        states: Nested tensors, the states before the first token.
        mask: Bool `(batch, source)`, which steps of the source are no padding.
    """

    states: Any
    mask: tf.Tensor

    def repeated(self, times: int) -> "Memory":
        """Repeats each row `times` times, for hypotheses of the same source."""


class ReadsAndSteps(Protocol):
    """A network that a `Writer` writes with."""

    def read(self, inputs: Any, training: bool = False) -> Memory:
        """Encodes a batch of inputs."""

    def step(self, memory: Memory) -> Step:
        """Returns the function that decoding calls for every token."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class WriterConfig(Config):
    """Settings of a task that writes sequences of tokens.

    Args:
        beam_size: Number of hypotheses of the beam search, and of its answers.
        length_penalty: Exponent of the length that scores are divided by: 0 ranks
            answers by the sum of their log-probabilities, which favours short ones, 1
            nearly by the mean; see `rnnzoo.decoding.beam_search`.
        coverage_penalty: Weight of the penalty for parts of the source that attention
            did not read; needs attention, see there. If it is not 0, the search goes on
            until no answer could become better.
        steps_per_token: Number of tokens that an answer may have for each token of the
            source, besides ten.
    """

    beam_size: Annotated[Size, AFTER_TRAINING] = 5
    length_penalty: Annotated[Number, AFTER_TRAINING] = 1.0
    coverage_penalty: Annotated[NotNegative, AFTER_TRAINING] = 0.0
    steps_per_token: Annotated[Size, AFTER_TRAINING] = 2


class Writer(Task):
    """Base class of tasks that write a sequence of tokens.

    A subclass defines `to_inputs`, `decode`, `max_steps` and what `Task` needs; its
    network is one that `ReadsAndSteps`. Greedy answers have the outputs `output` and
    "score", those of a beam `outputs` and "scores".

    Attributes:
        row: Spec of the raw inputs, for the signatures.
        example_rows: Example requests.
    """

    Config = WriterConfig
    scores_answers = True
    mode = "max"
    # Names of the written text in greedy answers, and of the texts in a beam's.
    output: ClassVar[str] = "text"
    outputs: ClassVar[str] = "texts"
    row: ClassVar[tf.TensorSpec]
    example_rows: ClassVar[tuple]

    network: ReadsAndSteps

    def decode(self, tokens: tf.Tensor) -> tf.Tensor:
        """Returns the texts of ids: int32 `(batch, time)` to string `(batch,)`."""
        raise NotImplementedError(f"{type(self).__name__} must define `decode`.")

    def max_steps(self, inputs: Any) -> tf.Tensor:
        """Returns the number of tokens that each answer may have, int32 `(batch,)`."""
        raise NotImplementedError(f"{type(self).__name__} must define `max_steps`.")

    # === In the graph ===

    def write_greedily(self, rows: tf.Tensor) -> Hypotheses:
        """Returns the greedy hypothesis for each raw input of a batch."""
        inputs = self.to_inputs(rows)
        memory = self.network.read(inputs)
        return greedy_search(
            self.network.step(memory),
            memory.states,
            self.max_steps(inputs),
            length_penalty=self.config.length_penalty,
        )

    def greedy_answers(self, rows: tf.Tensor) -> Answers:
        """Returns the greedy answer to each raw input of a batch.

        Returns:
            The text, string `(batch,)`, and `score`, float32 `(batch,)`: the sum of the
            log-probabilities of its tokens, divided as `length_penalty` says.
        """
        written = self.write_greedily(rows)
        return {self.output: self.decode(written.tokens), "score": written.scores}

    def beam_answers(self, rows: tf.Tensor) -> Answers:
        """Returns the best answers of a beam search to each raw input of a batch.

        Returns:
            The texts, string `(batch, beam_size)`, each once and the best first, and
            `scores`, float32 of that shape; "" and the lowest float where there are no
            more.
        """
        config, inputs = self.config, self.to_inputs(rows)
        memory = self.network.read(inputs)
        written = beam_search(
            self.network.step(memory.repeated(config.beam_size)),
            memory.states,
            self.max_steps(inputs),
            beam_size=config.beam_size,
            n_best=config.beam_size,
            length_penalty=config.length_penalty,
            coverage_penalty=config.coverage_penalty,
            source_mask=memory.mask,
            # A hypothesis that ends early has read little.
            early_stop=not config.coverage_penalty,
        )
        texts, scores = best_texts(written, self.decode)
        return {self.outputs: texts, "scores": scores}

    def sampled_answers(self, rows: tf.Tensor, seed: tf.Tensor, **options) -> Answers:
        """Returns a random answer to each raw input of a batch, see `sample`."""
        inputs = self.to_inputs(rows)
        memory = self.network.read(inputs)
        written = sample(
            self.network.step(memory),
            memory.states,
            self.max_steps(inputs),
            seed=seed,
            **options,
        )
        return {self.output: self.decode(written.tokens), "score": written.scores}

    # === From Python ===

    def answer_beam(self, inputs: Any) -> list[dict]:
        """Returns the best answers of a beam search, see `beam_answers`.

        Args:
            inputs: Raw inputs, see `answer`.
        """
        return self.answer(inputs, "beam")

    def sample(
        self,
        inputs: Any,
        *,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float = 1.0,
        seed: int = 0,
    ) -> list[dict]:
        """Returns random answers.

        Args:
            inputs: Raw inputs, see `answer`.
            temperature: Number that logits are divided by: the lower, the likelier the
                tokens.
            top_k: Number of likeliest tokens that are drawn from; `None` for all.
            top_p: Total probability of the tokens that are drawn from, likeliest
                first.
            seed: Seed; the same one draws the same answers.

        Returns:
            For each input a dictionary as `answer` returns it.
        """
        options = {"temperature": temperature, "top_k": top_k, "top_p": top_p}

        def draw(rows):
            return self.sampled_answers(rows, tf.constant([0, seed]), **options)

        declared = Signature(draw, [self.row], self.example_rows)
        return self.answer_by(declared, inputs)

    def predict(self, x, batch_size=None, verbose="auto", steps=None, callbacks=None):
        """Returns the ids of the greedy answers to raw inputs, or logits of batches.

        Args:
            x: Raw inputs, see `Task.predict`; or encoded examples, sources and targets.
            batch_size: See there.
            verbose: See there.
            steps: See there.
            callbacks: See there.

        Returns:
            For raw inputs int32 `(inputs, time)`, padded with 0; otherwise the logits
            of the next token at every step.
        """
        self._require_network()
        if self._is_encoded(x):
            return super().predict(x, batch_size, verbose, steps, callbacks)
        batches = self.raw_inputs(x).batch(batch_size or self.config.batch_size)
        if "tokens" not in self._answer_functions:
            self._answer_functions["tokens"] = graph_function(
                lambda rows: self.write_greedily(rows).tokens, self.row
            )
        write = self._answer_functions["tokens"]
        tokens = [write(rows).numpy() for rows in batches]
        longest = max((len(row) for batch in tokens for row in batch), default=0)
        padded = [np.pad(t, [(0, 0), (0, longest - t.shape[1])]) for t in tokens]
        return np.concatenate(padded) if padded else np.zeros([0, 0], "int32")

    def set_search(self, **settings) -> None:
        """Changes how answers are searched, in later exports too.

        Args:
            **settings: Fields of `WriterConfig`: `beam_size`, `length_penalty`,
                `coverage_penalty`, `steps_per_token`.

        Raises:
            ValueError: If there is no such field, or a value is out of range.
        """
        known = [n for n, s in WriterConfig.settings().items() if not s.trained]
        for name in settings:
            look_up("setting", name, dict.fromkeys(known))
        self.config = dataclasses.replace(self.config, **settings)
        self._answer_functions.clear()

    def signatures(self):
        self._require_network()
        return {
            "serving_default": Signature(
                self.greedy_answers, [self.row], self.example_rows
            ),
            "beam": Signature(self.beam_answers, [self.row], self.example_rows),
        }


def best_texts(hypotheses: Hypotheses, decode) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns the texts of hypotheses, each of them once.

    Two hypotheses can be one text that is split differently into subwords.

    Args:
        hypotheses: Several for each row, the best first.
        decode: Returns the texts of ids: int32 `(n, time)` to string `(n,)`.

    Returns:
        Texts, string `(batch, n_best)`, the best first, and scores, float32 of that
        shape; "" and the lowest float where there are no more.

    >>> ids = tf.constant([[[7], [8], [7]]])
    >>> hypotheses = Hypotheses(ids, tf.constant([[-1.0, -2.0, -3.0]]))
    >>> texts, _ = best_texts(hypotheses, lambda i: tf.strings.as_string(i[:, 0]))
    >>> texts.numpy().tolist()
    [[b'7', b'8', b'']]
    """
    shape = tf.shape(hypotheses.scores)
    ids = tf.reshape(hypotheses.tokens, [shape[0] * shape[1], -1])
    texts = tf.reshape(decode(ids), shape)
    same = texts[:, :, None] == texts[:, None, :]
    earlier = tf.range(shape[1]) < tf.range(shape[1])[:, None]
    repeated = tf.reduce_any(same & earlier, axis=-1)
    missing = repeated | (hypotheses.scores == NEVER)
    scores = tf.where(missing, LOWEST, hypotheses.scores)
    scores, order = tf.math.top_k(scores, shape[1])
    texts = tf.gather(texts, order, batch_dims=1)
    return tf.where(scores > LOWEST, texts, ""), scores
