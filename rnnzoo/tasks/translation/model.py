"""Many to many, not aligned: a text in, its translation out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from rnnzoo.data.batching import bucket_lengths
from rnnzoo.data.examples import Column
from rnnzoo.layers import SmoothedCrossentropy
from rnnzoo.tasks.text_inputs import EXAMPLE_ROWS, TEXT
from rnnzoo.tasks.translation.alignments import Alignment, align
from rnnzoo.tasks.translation.by_length import read_by_length
from rnnzoo.tasks.translation.config import TranslatorConfig
from rnnzoo.tasks.translation.data import load_translations
from rnnzoo.tasks.translation.network import TranslationNetwork
from rnnzoo.tasks.translation.report import report_translations
from rnnzoo.tasks.translation.scores import (
    check_scores,
    describe_translations,
    measure_translations,
    print_examples,
    read_pairs,
    score_signatures,
)
from rnnzoo.tasks.translation.texts import TranslationTexts, encode_pairs
from rnnzoo.tasks.writer import Writer


@keras.saving.register_keras_serializable("rnnzoo")
class Translator(Writer):
    """Reads a text and writes another one.

    An encoder reads the whole text; a decoder writes, token by token, and with
    attention reads at each step the parts of the source that it needs (Bahdanau et al.
    2015, arXiv 1409.0473), see `rnnzoo.layers.Decoder`. Without attention it knows the
    source as one vector (Cho et al. 2014, arXiv 1406.1078; Sutskever et al. 2014, arXiv
    1409.3215).

    Args:
        **settings: Fields of `TranslatorConfig`.
        learned: `source_vocabulary` and `target_vocabulary`; `None` until `adapt`.
        (others): See `Task`.

    Raw examples: `(text, translation)`, two string scalars. The network takes a
    dictionary of `source` and `target`, the ids of a text and of a translation after
    the begin token, and returns logits `(batch, time, ids)` of the next token.

    >>> learned = {"source_vocabulary": [" ", "a"], "target_vocabulary": [" ", "b"]}
    >>> model = Translator(units=4, vocabulary="character", learned=learned)
    >>> sorted(model.answer(["a a"])[0])
    ['score', 'translation']
    """

    Config = TranslatorConfig
    columns = (Column("text"), Column("translation"))
    unit = "texts"
    output, outputs = "translation", "translations"
    row, example_rows = TEXT, EXAMPLE_ROWS
    epochs, patience = 12, 10

    load = staticmethod(load_translations)

    @property
    def monitor(self) -> str:
        return self.config.figure or "bleu"

    def learn(self, examples) -> dict[str, Any]:
        config = self.config
        source, target = TranslationTexts.learn(
            examples,
            config.vocabulary,
            config.vocabulary_size,
            joint=config.joint_vocabulary,
            lowercase=config.lowercase,
        )
        return {"source_vocabulary": source, "target_vocabulary": target}

    def assemble(self, source_vocabulary, target_vocabulary):
        config = self.config
        same = list(source_vocabulary) == list(target_vocabulary)
        one = config.joint_vocabulary and same
        if config.share_embeddings and not one:
            raise ValueError(
                "`share_embeddings` needs one vocabulary for both sides: give the same "
                "list as `source_vocabulary` and as `target_vocabulary`."
            )
        self.texts = TranslationTexts(
            config.vocabulary,
            source_vocabulary,
            target_vocabulary,
            lowercase=config.lowercase,
            longest_source=config.longest_source,
        )
        share = one if config.share_embeddings is None else config.share_embeddings
        return TranslationNetwork(
            config,
            self.texts.source.vocabulary_size,
            self.texts.target.vocabulary_size,
            share_embeddings=share,
            unwritten=self.texts.target.unwritten,
            dtype=self.dtype_policy,
        )

    def encode(self, sources, targets):
        return encode_pairs(self.texts, sources, targets, self.config.max_length)

    def lengths(self):
        # Most texts are short: coarser lengths would make a fifth of the work padding.
        return bucket_lengths(
            self.config.max_length, shortest=8, growth=1.125, multiple=2
        )

    def arrange(self, source, target, answers, rows):
        weights = rows[:, None] * tf.cast(answers != 0, tf.float32)
        return {"source": source, "target": target}, answers, weights

    def to_inputs(self, rows):
        return self.texts.source_ids(rows)

    def decode(self, tokens):
        return self.texts.target.decode(tokens)

    def max_steps(self, inputs):
        """Returns the number of tokens that each translation may have.

        It is ten and `steps_per_token` for each token of the source. A source of no
        token but the end has no translation.
        """
        length = tf.math.count_nonzero(inputs, axis=1, dtype=tf.int32) - 1
        return tf.where(length > 0, 10 + self.config.steps_per_token * length, 0)

    def compile_arguments(self):
        # Padding does not count.
        loss = SmoothedCrossentropy(
            self.config.label_smoothing, reduction="mean_with_sample_weight"
        )
        # Of the next token, the correct ones before it given.
        accuracy = keras.metrics.SparseCategoricalAccuracy("token_accuracy")
        return {"loss": loss, "weighted_metrics": [accuracy]}

    def read_attention(self, texts) -> list[Alignment]:
        """Returns the attention weights of the greedy translations of raw texts.

        Raises:
            ValueError: If the model has no attention.
        """
        self._require_network()
        if self.config.attention is None:
            raise ValueError("The model has no attention: `attention` is None.")
        sources = self.raw_inputs(texts).batch(1)
        return [align(self, source) for source in sources]

    def answer_all(self, data) -> dict[str, list[str]]:
        """Returns the translations of raw examples by beam and by greedy search."""
        sources, _ = read_pairs(self.examples(data), "data")
        best = [row["translations"][0] for row in self.answer_beam(sources)]
        return {"beam": best, "greedy": self._greedy(sources)}

    def measure(self, data, answers=None):
        """Returns BLEU, chrF and exact match by beam search, the headline first."""
        _, references = read_pairs(self.examples(data), "data")
        answers = self.answer_all(data) if answers is None else answers
        return measure_translations(
            answers, references, self.monitor, self.config.lowercase
        )

    def validate(self, data):
        """Prints a few greedy translations and returns their metrics."""
        sources, references = read_pairs(self.examples(data), "validation")
        outputs = self._greedy(sources)
        print_examples(sources, references, outputs)
        answers = {"beam": outputs, "greedy": outputs}
        return measure_translations(
            answers, references, self.monitor, self.config.lowercase
        )

    def check_report(self, data, *, beside: Sequence[str] | None = None):
        """Raises an error for missing packages, empty splits and runs that differ."""
        check_scores(data)
        self._beside(data, beside, recipe="")

    def describe(self, data, answers):
        """Returns how the metrics were computed, and BLEU as papers report it."""
        _, references = read_pairs(self.examples(data.test), data.test_split)
        return {
            **describe_translations(data, answers, references, self.config.lowercase),
            "beam_size": self.config.beam_size,
        }

    def report(
        self,
        data,
        answers,
        folder: Path,
        metrics: Mapping[str, Any],
        *,
        beside: Sequence[str] | None = None,
    ):
        """Draws attention and scores by length, and prints a few translations.

        Args:
            data: See `Task.report`.
            answers: See there.
            folder: See there.
            metrics: See there.
            beside: Folders of finished runs to draw beside this one, by length.
        """
        others = self._beside(data, beside, metrics["recipe"])
        report_translations(self, data, answers, folder, metrics, others)

    def _beside(self, data, runs, recipe):
        """Scores by length of other runs, which must be measured like this one."""
        sources, _ = read_pairs(data.test, data.test_split)
        alike = {
            "metric": self.monitor,
            "dataset": data.title,
            "split": f"{data.test_split} ({len(sources)} {self.unit})",
            "beam_size": self.config.beam_size,
            "signature": score_signatures(self.config.lowercase)["signature"],
        }
        return read_by_length(runs or (), recipe, alike)

    def _greedy(self, sources):
        return [row["translation"] for row in self.answer(sources)]
