"""Translations: from ids to answers, and how a server is asked."""

import dataclasses
from collections.abc import Callable

import tensorflow as tf

from rnnzoo.checks import check_not_negative, check_numbers, check_positive
from rnnzoo.decoding import NEVER, Hypotheses, beam_search, greedy_search
from rnnzoo.export import Signature
from rnnzoo.tasks.base import EXAMPLE_TEXTS, TEXT
from rnnzoo.tasks.translation.network import TranslationNetwork

Answers = dict[str, tf.Tensor]
# Int32 ids (n, time) to strings (n,).
Decode = Callable[[tf.Tensor], tf.Tensor]

# The score of what there is not: JSON has no infinity.
LOWEST = tf.float32.min


@dataclasses.dataclass(frozen=True, kw_only=True)
class Search:
    """How a translator searches for its answers, see `Translator`.

    Raises:
        ValueError: if a number of hypotheses or steps is not positive, or a penalty is
            no number or, that of coverage, negative.
    """

    beam_size: int
    length_penalty: float
    coverage_penalty: float
    steps_per_token: int

    def __post_init__(self):
        check_positive(beam_size=self.beam_size, steps_per_token=self.steps_per_token)
        check_numbers(length_penalty=self.length_penalty)
        check_not_negative(coverage_penalty=self.coverage_penalty)

    def most_steps(self, source: tf.Tensor) -> tf.Tensor:
        """How many tokens a translation may have: in proportion to its source.

        `steps_per_token` times as many as that has and ten; of no tokens but the end
        there is no translation.

        Args:
            source: int32 `(batch, time)`, 0 for padding.

        Returns:
            int32 `(batch,)`.

        >>> search = dict(beam_size=1, length_penalty=0.0, coverage_penalty=0.0)
        >>> source = tf.constant([[5, 6, 2], [2, 0, 0]])
        >>> Search(**search, steps_per_token=2).most_steps(source).numpy().tolist()
        [14, 0]
        """
        length = tf.math.count_nonzero(source, axis=1, dtype=tf.int32) - 1
        return tf.where(length > 0, 10 + self.steps_per_token * length, 0)


def check_coverage(search: Search, attention: str | None) -> None:
    """Raises a ValueError for a penalty that has nothing to go by."""
    if search.coverage_penalty and attention is None:
        raise ValueError(
            "`coverage_penalty` needs attention, which tells what was read of the "
            "source: set `attention`, got None."
        )


def greedy_answers(
    network: TranslationNetwork,
    source: tf.Tensor,
    decode: Decode,
    search: Search,
) -> Answers:
    """The greedy translation of each text: `translation` and `score`.

    Args:
        network: reads and writes.
        source: int32 `(batch, time)`, 0 for padding.
        decode: ids to texts.
        search: how it is searched.
    """
    memory = network.read(source)
    found = greedy_search(
        network.step(memory),
        memory.states,
        search.most_steps(source),
        length_penalty=search.length_penalty,
    )
    return {"translation": decode(found.tokens), "score": found.scores}


def beam_answers(
    network: TranslationNetwork,
    source: tf.Tensor,
    decode: Decode,
    search: Search,
) -> Answers:
    """The best translations of each text, by beam search: see `best_answers`.

    Args:
        network: reads and writes.
        source: int32 `(batch, time)`, 0 for padding.
        decode: ids to texts.
        search: how it is searched.
    """
    memory = network.read(source)
    found = beam_search(
        network.step(memory.repeated(search.beam_size)),
        memory.states,
        search.most_steps(source),
        beam_size=search.beam_size,
        n_best=search.beam_size,
        length_penalty=search.length_penalty,
        coverage_penalty=search.coverage_penalty,
        source_mask=memory.mask,
        # What ends early has read little.
        early_stop=not search.coverage_penalty,
    )
    return best_answers(found, decode)


def best_answers(found: Hypotheses, decode: Decode) -> Answers:
    """The n best translations of each text, each of them once.

    Two hypotheses can be one text, parted otherwise into subwords.

    Args:
        found: the hypotheses, `n_best` a row.
        decode: ids to texts.

    Returns:
        `translations`, string `(batch, n_best)`, the best first, and `scores`, float32
        of that shape; "" and the lowest float where there are no more.

    >>> ids = tf.constant([[[7], [8], [7]]])
    >>> found = Hypotheses(ids, tf.constant([[-1.0, -2.0, -3.0]]))
    >>> answers = best_answers(found, lambda ids: tf.strings.as_string(ids[:, 0]))
    >>> answers["translations"].numpy().tolist()
    [[b'7', b'8', b'']]
    """
    shape = tf.shape(found.scores)
    ids = tf.reshape(found.tokens, [shape[0] * shape[1], -1])
    texts = tf.reshape(decode(ids), shape)
    same = texts[:, :, None] == texts[:, None, :]
    earlier = tf.range(shape[1]) < tf.range(shape[1])[:, None]
    repeated = tf.reduce_any(same & earlier, axis=-1)
    scores = tf.where(repeated | (found.scores == NEVER), LOWEST, found.scores)
    scores, order = tf.math.top_k(scores, shape[1])
    texts = tf.gather(texts, order, batch_dims=1)
    return {
        "translations": tf.where(scores > LOWEST, texts, ""),
        "scores": scores,
    }


def translation_signatures(
    answer_texts: Callable[[tf.Tensor], Answers],
    answer_beam: Callable[[tf.Tensor], Answers],
) -> dict[str, Signature]:
    """The signatures of a translator, both of texts.

    Args:
        answer_texts: strings `(batch,)` to `translation` and `score`.
        answer_beam: strings `(batch,)` to what `best_answers` gives.
    """
    rows = [{"text": text} for text in EXAMPLE_TEXTS]
    return {
        "serving_default": Signature(answer_texts, [TEXT], rows),
        "beam": Signature(answer_beam, [TEXT], rows),
    }
