"""What writes texts by a search: how it is asked, in the graph and from Python."""

import dataclasses
from collections.abc import Sequence

import tensorflow as tf

from rnnzoo.answers import answer_in_batches, text_list
from rnnzoo.export import Signature
from rnnzoo.tasks.base import TEXT, TextModel, graph_function
from rnnzoo.tasks.translation.alignments import Alignment, align
from rnnzoo.tasks.translation.answers import (
    Answers,
    Search,
    beam_answers,
    check_coverage,
    greedy_answers,
    translation_signatures,
)
from rnnzoo.tasks.translation.texts import TranslationTexts


class TextWriter(TextModel):
    """A model that reads texts and writes others, greedily or by a beam.

    A subclass sets `_search`, and with its network `_texts`, and then calls
    `_make_graphs`; `attention` tells how it looks at what it read, if it does.
    """

    attention: str | None
    _search: Search
    _texts: TranslationTexts | None = None
    _answer = _beam = None

    def answer_texts(self, text: tf.Tensor) -> Answers:
        """Strings `(batch,)` to answers, by greedy search, in the graph.

        Returns:
            `translation`, string `(batch,)`, and `score`, float32 `(batch,)`: the sum
            of its tokens' log probabilities, by `length_penalty`. A blank text has an
            empty translation, and the score 0.
        """
        return greedy_answers(
            self.network,
            self.texts.source_ids(text),
            self.texts.target.decode,
            self.search,
        )

    def answer_beam(self, text: tf.Tensor) -> Answers:
        """Strings `(batch,)` to the best answers of a beam search, in the graph.

        Returns:
            `translations` and `scores`, see `best_answers`.
        """
        return beam_answers(
            self.network,
            self.texts.source_ids(text),
            self.texts.target.decode,
            self.search,
        )

    def predict_text(self, texts: str | Sequence[str]) -> list[dict]:
        """Translates raw texts, by greedy search.

        Args:
            texts: texts, `str` or UTF-8 `bytes`; one alone is taken as a list of one.

        Returns:
            For each text a dictionary: `translation` and `score`, see `answer_texts`.
        """
        return answer_in_batches(self._known(self._answer), texts, self.batch_size)

    def predict_beam(self, texts: str | Sequence[str]) -> list[dict]:
        """Translates raw texts, by beam search.

        Args:
            texts: see `predict_text`.

        Returns:
            For each text a dictionary: `translations`, the best first, and `scores`.
        """
        return answer_in_batches(self._known(self._beam), texts, self.batch_size)

    @property
    def search(self) -> Search:
        """How answers are searched; `set_search` changes it."""
        return self._search

    def set_search(
        self,
        *,
        beam_size: int | None = None,
        length_penalty: float | None = None,
        coverage_penalty: float | None = None,
        steps_per_token: int | None = None,
    ) -> None:
        """Searches otherwise from now on, in what is exported, too.

        Args:
            beam_size: see `Translator`; what is not given stays as it is.
            length_penalty: see there.
            coverage_penalty: see there.
            steps_per_token: see there.

        Raises:
            ValueError: as in `Translator`.

        >>> from rnnzoo.tasks.translation.model import Translator
        >>> model = Translator(beam_size=5)
        >>> model.set_search(beam_size=12)
        >>> model.search.beam_size
        12
        """
        given = {
            "beam_size": beam_size,
            "length_penalty": length_penalty,
            "coverage_penalty": coverage_penalty,
            "steps_per_token": steps_per_token,
        }
        changed = {name: value for name, value in given.items() if value is not None}
        search = dataclasses.replace(self.search, **changed)
        check_coverage(search, self.attention)
        self._search = search
        if self._texts is not None:
            self._make_graphs()

    def read_attention(self, texts: str | Sequence[str]) -> list[Alignment]:
        """What was read for each token of the greedy translations of raw texts.

        Raises:
            ValueError: if the model has no attention.
        """
        if self.attention is None:
            raise ValueError("The model has no attention: `attention` is None.")
        sources = (tf.constant([text]) for text in text_list(texts))
        return [
            align(self.network, self.texts, source, self.search) for source in sources
        ]

    def signatures(self) -> dict[str, Signature]:
        """What a SavedModel of this model answers, see `translation_signatures`."""
        return translation_signatures(self._known(self._answer), self._beam)

    @property
    def texts(self) -> TranslationTexts:
        """Texts to ids and back; known after `adapt`."""
        return self._known(self._texts)

    def _make_graphs(self):
        self._answer = graph_function(self.answer_texts, TEXT)
        self._beam = graph_function(self.answer_beam, TEXT)
