"""`Writer`: base class of tasks that generate tokens."""

import dataclasses
from typing import Annotated, Any, ClassVar, Protocol

import numpy as np
import tensorflow as tf

from rnnzoo.decoding import NEVER, Hypotheses, Step, beam_search, greedy_search, sample
from rnnzoo.export import Signature
from rnnzoo.names import look_up
from rnnzoo.tasks.base import Task, graph_function
from rnnzoo.tasks.config import AFTER_TRAINING, Config, NotNegative, Number, Size

Answers = dict[str, tf.Tensor]
# Score of a missing hypothesis; finite, since JSON has no infinity.
LOWEST = tf.float32.min


class Memory(Protocol):
    """Encoded source of a decoder.

    Attributes:
        states: States before the first token, nested tensors.
        mask: Bool `(batch, source)`, false at padding.
    """

    states: Any
    mask: tf.Tensor

    def repeated(self, times: int) -> "Memory":
        """Repeats each row `times` times, for hypotheses of the same source."""


class ReadsAndSteps(Protocol):
    """Network of a `Writer`, with an encoder and a step of the decoder."""

    def read(self, inputs: Any, training: bool = False) -> Memory:
        """Encodes a batch of inputs."""

    def step(self, memory: Memory) -> Step:
        """Returns the function that decoding calls for every token."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class WriterConfig(Config):
    """Settings of a task that generates sequences of tokens.

    Args:
        beam_size: Number of hypotheses of the beam search, and of its answers.
        length_penalty: Exponent of the length that scores are divided by: 0 ranks
            answers by the sum of their log-probabilities, which favours short ones, 1
            nearly by the mean; see `rnnzoo.decoding.beam_search`.
        coverage_penalty: Weight of the penalty for parts of the source without
            attention; needs attention. If it is not 0, the search continues until no
            answer can reach a better score.
        steps_per_token: Maximum number of tokens of an answer for each token of the
            source, plus ten.
    """

    beam_size: Annotated[Size, AFTER_TRAINING] = 5
    length_penalty: Annotated[Number, AFTER_TRAINING] = 1.0
    coverage_penalty: Annotated[NotNegative, AFTER_TRAINING] = 0.0
    steps_per_token: Annotated[Size, AFTER_TRAINING] = 2


class Writer(Task):
    """Base class of tasks that generate a sequence of tokens.

    A subclass defines `to_inputs`, `decode`, `max_steps` and the methods that `Task`
    needs. Its network implements `ReadsAndSteps`.

    Attributes:
        output: Name of the text in greedy answers, whose other output is "score".
        outputs: Name of the texts in beam answers, whose other output is "scores".
        row: Spec of the raw inputs, for the signatures.
        example_rows: Example requests.
    """

    Config = WriterConfig
    scores_answers = True
    mode = "max"
    output: ClassVar[str] = "text"
    outputs: ClassVar[str] = "texts"
    row: ClassVar[tf.TensorSpec]
    example_rows: ClassVar[tuple]

    network: ReadsAndSteps

    def decode(self, tokens: tf.Tensor) -> tf.Tensor:
        """Returns the texts, string `(batch,)`, of ids, int32 `(batch, time)`."""
        raise NotImplementedError(f"{type(self).__name__} must define `decode`.")

    def max_steps(self, inputs: Any) -> tf.Tensor:
        """Returns the maximum number of tokens of each answer, int32 `(batch,)`."""
        raise NotImplementedError(f"{type(self).__name__} must define `max_steps`.")

    # === In the graph ===

    def write_greedily(self, rows: tf.Tensor) -> Hypotheses:
        """Returns the greedy hypothesis for each raw input of a batch."""
        penalty = self.config.length_penalty
        return self._generate(rows, greedy_search, length_penalty=penalty)

    def greedy_answers(self, rows: tf.Tensor) -> Answers:
        """Returns the greedy answer to each raw input of a batch.

        Returns:
            The text, string `(batch,)`, and `score`, float32 `(batch,)`: the sum of the
            log-probabilities of its tokens, divided according to `length_penalty`.
        """
        return self._single_answers(self.write_greedily(rows))

    def beam_answers(self, rows: tf.Tensor) -> Answers:
        """Returns the best answers of a beam search to each raw input of a batch.

        Returns:
            Distinct texts, string `(batch, beam_size)`, best first, and `scores`,
            float32 of that shape; missing answers are "" with the lowest float.
        """
        config, inputs = self.config, self.to_inputs(rows)
        memory = self.network.read(inputs)
        hypotheses = beam_search(
            self.network.step(memory.repeated(config.beam_size)),
            memory.states,
            self.max_steps(inputs),
            beam_size=config.beam_size,
            n_best=config.beam_size,
            length_penalty=config.length_penalty,
            coverage_penalty=config.coverage_penalty,
            source_mask=memory.mask,
            # A hypothesis that ends early has covered little of the source.
            early_stop=not config.coverage_penalty,
        )
        texts, scores = best_texts(hypotheses, self.decode)
        return {self.outputs: texts, "scores": scores}

    def sampled_answers(self, rows: tf.Tensor, seed: tf.Tensor, **options) -> Answers:
        """Returns a random answer to each raw input of a batch, see `sample`."""
        return self._single_answers(self._generate(rows, sample, seed=seed, **options))

    def _generate(self, rows, search, **options):
        inputs = self.to_inputs(rows)
        memory = self.network.read(inputs)
        step = self.network.step(memory)
        return search(step, memory.states, self.max_steps(inputs), **options)

    def _single_answers(self, hypotheses):
        text = self.decode(hypotheses.tokens)
        return {self.output: text, "score": hypotheses.scores}

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
            temperature: Divisor of the logits; lower values draw likelier tokens.
            top_k: Number of likeliest tokens to draw from; `None` for all.
            top_p: Total probability of the likeliest tokens to draw from.
            seed: Seed; the same one draws the same answers.

        Returns:
            For each input a dictionary, see `answer`.
        """
        self._require_network()
        options = {"temperature": temperature, "top_k": top_k, "top_p": top_p}

        def draw(rows):
            return self.sampled_answers(rows, tf.constant([0, seed]), **options)

        declared = Signature(draw, [self.row], self.example_rows)
        return self.answer_by(declared, inputs)

    def predict(self, x, batch_size=None, verbose="auto", steps=None, callbacks=None):
        """Returns the ids of the greedy answers to raw inputs, or logits of batches.

        Args:
            x: Raw inputs, see `Task.predict`; or encoded sources and targets.
            batch_size, verbose, steps: See `Task.predict`.
            callbacks: See `Task.predict`; not for raw inputs.

        Returns:
            For raw inputs int32 `(inputs, time)`, padded with 0; otherwise the logits
            of the next token at every step.

        Raises:
            ValueError: If callbacks are given for raw inputs.
        """
        self._require_network()
        if self._is_encoded(x):
            return super().predict(x, batch_size, verbose, steps, callbacks)
        if callbacks:
            raise ValueError("`callbacks` takes batches, got raw inputs with them.")
        size = self._batch_size(batch_size)
        batches = self.raw_inputs(x).batch(size).take(-1 if steps is None else steps)
        if "tokens" not in self._answer_functions:
            self._answer_functions["tokens"] = graph_function(
                lambda rows: self.write_greedily(rows).tokens, self.row
            )
        write = self._answer_functions["tokens"]
        tokens = [write(rows).numpy() for rows in batches]
        longest = max(batch.shape[1] for batch in tokens)
        padded = [np.pad(t, [(0, 0), (0, longest - t.shape[1])]) for t in tokens]
        return np.concatenate(padded)

    def set_search(self, **settings) -> None:
        """Changes the settings of the search, for later exports too.

        Args:
            **settings: Fields of `WriterConfig`: `beam_size`, `length_penalty`,
                `coverage_penalty`, `steps_per_token`.

        Raises:
            ValueError: If there is no such field, or a value is out of range.
        """
        fields = {n: s for n, s in WriterConfig.settings().items() if not s.trained}
        for name in settings:
            look_up("setting", name, fields)
        self.config = dataclasses.replace(self.config, **settings)
        self._answer_functions.clear()

    def signatures(self):
        self._require_network()
        functions = {"serving_default": self.greedy_answers, "beam": self.beam_answers}
        return {
            name: Signature(function, [self.row], self.example_rows)
            for name, function in functions.items()
        }


def best_texts(hypotheses: Hypotheses, decode) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns the distinct texts of hypotheses.

    Two hypotheses can be different segmentations of a text into subwords.

    Args:
        hypotheses: Several for each row, best first.
        decode: Returns the texts, string `(n,)`, of ids, int32 `(n, time)`.

    Returns:
        Texts, string `(batch, n_best)`, best first, and scores, float32 of that shape;
        missing texts are "" with the lowest float.

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
