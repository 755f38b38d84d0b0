"""Many to many, aligned: a sentence in, a tag for each of its words out."""

from collections.abc import Sequence
from pathlib import Path

import keras
import tensorflow as tf

from rnnzoo.data.batching import bucket_lengths
from rnnzoo.data.examples import Column
from rnnzoo.layers import CRFLoss
from rnnzoo.layers.tag_schemes import warn_of_broken
from rnnzoo.tasks.base import Task, graph_function
from rnnzoo.tasks.tagging.answers import (
    TOKENS,
    best_tags,
    tag_answers,
    tag_signatures,
    token_rows,
    with_a_step,
)
from rnnzoo.tasks.tagging.batches import arrange_batch, encode_sentences
from rnnzoo.tasks.tagging.config import TaggerConfig
from rnnzoo.tasks.tagging.data import load_tagged_texts
from rnnzoo.tasks.tagging.network import INTENT, TAGS, tagging_network
from rnnzoo.tasks.tagging.report import report_tags
from rnnzoo.tasks.tagging.scores import (
    check_spans,
    describe_sentences,
    headline,
    measure_sentences,
)
from rnnzoo.tasks.tagging.sentences import COLUMNS, Lexicon, read_sentences
from rnnzoo.text import TokenVectorizer, as_utf8, read_word_vectors, with_vectors


@keras.saving.register_keras_serializable("rnnzoo")
class Tagger(Task):
    """Reads a sentence and answers with a tag for each of its words.

    Words are embedded, together with the output of a character LSTM over their spelling
    if `word_length` is not 0, and read by a `RecurrentEncoder`. A linear layer scores
    the tags and, with `crf`, a CRF the sequences of tags (Lample et al. 2016, arXiv
    1603.01360). With `intent`, a second head labels the whole sentence.

    Args:
        **settings: Fields of `TaggerConfig`.
        learned: `vocabulary`, the words, most frequent first; `tags`; `intents`, the
            labels of sentences, or `None`. `None` until `adapt`.
        (others): See `Task`.

    Raw examples: `(tokens, tags)`, string vectors of one length, and with `intent` a
    third, a string scalar. The network takes what `TokenVectorizer` returns and returns
    scores `(batch, time, tags)`, or a dictionary of `tags` and `intent`.

    >>> learned = {"vocabulary": ["it"], "tags": ["PRON", "VERB"], "intents": None}
    >>> model = Tagger(cell="gru", units=4, learned=learned)
    >>> model.answer(["It rains."])[0]["tokens"]
    ['It', 'rains', '.']
    """

    Config = TaggerConfig
    unit = "sentences"
    mode = "max"
    scores_answers = True

    load = staticmethod(load_tagged_texts)

    @property
    def columns(self) -> tuple[Column, ...]:
        return COLUMNS if self.config.intent else COLUMNS[:2]

    @property
    def monitor(self) -> str:
        if self.config.intent:
            return "whole_sentences"
        self._require_network()
        return headline(self.lexicon.tags)

    def examples(self, x, y=None, sample_weight=None):
        """Returns raw examples as a data set; leaves out intents that are not used."""
        spec = x.element_spec if isinstance(x, tf.data.Dataset) else None
        if isinstance(spec, tuple):
            has_intent = len(spec) > 2 and spec[2].dtype == tf.string
            if self.config.intent and not has_intent:
                raise ValueError(
                    "`intent` needs a label for each sentence, which the examples lack:"
                    " set `intent=False`, or take data with intents, such as atis."
                )
            if has_intent and not self.config.intent:
                x = x.map(lambda tokens, tags, intent, *more: (tokens, tags, *more))
        return super().examples(x, y, sample_weight)

    def adapt(self, data, y=None, *, word_vectors: str | Path | None = None) -> None:
        """Learns the words and the tags, and builds the network.

        Args:
            data: Raw examples, see `fit`.
            y: The tags, or tags and intents, if `data` is a list of tokens.
            word_vectors: Text file of vectors to begin with, in the format of GloVe: a
                word and its numbers in each line. Words that are only in this file are
                known too, the first ones, as far as `vocabulary_size` goes.

        Raises:
            ValueError: If the model is adapted already, a sentence has not as many tags
                as words, or the vectors have another size than `embedding_dim`.
        """
        self._check_not_adapted()
        learned, vectors = self.learn(self.examples(data, y)), {}
        if word_vectors is not None:
            words, size = set(learned["vocabulary"]), self.config.embedding_dim
            room = max(self.config.vocabulary_size - 2 - len(words), 0)
            vectors = read_word_vectors(word_vectors, size, words, room)
            learned["vocabulary"] = list(
                dict.fromkeys([*learned["vocabulary"], *vectors])
            )
        self._assemble(learned)
        if vectors:
            table = self.network.get_layer("word_vectors").embeddings
            vocabulary = self.lexicon.vocabulary
            table.assign(with_vectors(table.numpy(), vocabulary, vectors))

    def learn(self, examples):
        sentences = read_sentences(examples, self.config.intent)
        learned = Lexicon.learn(sentences, self.config.vocabulary_size)
        if self.config.constrained:
            warn_of_broken([s.tags for s in sentences], learned["tags"])
        return learned

    def assemble(self, vocabulary, tags, intents):
        if (intents is not None) != self.config.intent:
            raise ValueError(
                "`intents` in `learned` are the labels of sentences with `intent=True`,"
                f" and `None` without, got {intents!r} with {self.config.intent}."
            )
        if (
            self.config.word_length
            and self.distribute_strategy.num_replicas_in_sync > 1
        ):
            raise ValueError(
                "With `word_length` the words of a whole batch share a table of "
                "spellings, which cannot be divided among several replicas. Train on "
                f"one device, or set `word_length=0`, got {self.config.word_length}."
            )
        self.lexicon = Lexicon(vocabulary, tags, intents)
        self.vectorizer = TokenVectorizer(vocabulary, self.config.word_length)
        self._answer_tokens = graph_function(self.answer_in_graph, TOKENS)
        return tagging_network(
            self.config,
            self.vectorizer.vocabulary_size,
            self.lexicon.tags,
            self.lexicon.intents,
            self.dtype_policy,
        )

    def encode(self, tokens, tags, *intents):
        return encode_sentences(
            *(tokens, tags, intents),
            vectorizer=self.vectorizer,
            lexicon=self.lexicon,
            max_length=self.config.max_length,
        )

    def lengths(self):
        return bucket_lengths(self.config.max_length)

    def arrange(self, *columns):
        return arrange_batch(columns, self.vectorizer, self.config)

    def to_inputs(self, rows):
        return self.vectorizer(with_a_step(rows.to_tensor()))

    def compile_arguments(self):
        metrics = {"weighted_metrics": ["accuracy"]}
        if self.config.intent:
            metrics = {"weighted_metrics": {TAGS: ["accuracy"], INTENT: ["accuracy"]}}
        if self.config.crf:  # See `compute_loss`.
            return metrics
        if not self.config.intent:
            return {"loss": _crossentropy(), **metrics}
        return {
            "loss": {TAGS: _crossentropy(), INTENT: _crossentropy()},
            "loss_weights": {TAGS: 1.0, INTENT: self.config.intent_weight},
            **metrics,
        }

    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        """Returns the CRF's loss, of its layer's weights, or that of `compile`."""
        if not self.config.crf:
            return super().compute_loss(x, y, y_pred, sample_weight, training)
        if not self.config.intent:
            y, y_pred, sample_weight = ({TAGS: v} for v in (y, y_pred, sample_weight))
        weights = sample_weight or dict.fromkeys((TAGS, INTENT))
        of_words = weights[TAGS]  # All words of a sentence have its weight.
        of_sentences = None if of_words is None else tf.reduce_max(of_words, axis=1)
        loss = CRFLoss(self.network.get_layer("crf"), "mean_with_sample_weight")(
            y[TAGS], y_pred[TAGS], of_sentences, mask=x["words"] != 0
        )
        if self.config.intent:
            of_intent = _crossentropy()(y[INTENT], y_pred[INTENT], weights[INTENT])
            loss += self.config.intent_weight * of_intent
        return loss

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        """Returns the metrics of the best tags: under a CRF, of the best sequence."""
        if self.config.crf:
            scores = y_pred[TAGS] if self.config.intent else y_pred
            tags, _ = self.network.get_layer("crf").decode(scores, x["words"] != 0)
            best = tf.one_hot(tags, scores.shape[-1])
            y_pred = {**y_pred, TAGS: best} if self.config.intent else best
        return super().compute_metrics(x, y, y_pred, sample_weight)

    def answer_in_graph(self, tokens: tf.Tensor) -> dict[str, tf.Tensor]:
        """Tokens to answers, in the graph.

        Args:
            tokens: String tensor `(batch, time)`, "" for padding, with at least one
                step.

        Returns:
            `tokens`, `tags` and `scores`: see `tag_answers`; with `intent` also
            `intent`, string `(batch,)`, and `intent_score`, its probability.
        """
        tokens = as_utf8(tokens)
        scores = self(self.vectorizer(tokens), training=False)
        answers = {}
        if self.config.intent:
            probabilities = tf.nn.softmax(tf.cast(scores[INTENT], tf.float32))
            best = tf.argmax(probabilities, axis=-1)
            answers = {
                "intent": tf.gather(tf.constant(self.lexicon.intents), best),
                "intent_score": tf.reduce_max(probabilities, axis=-1),
            }
            scores = scores[TAGS]
        crf = self.network.get_layer("crf") if self.config.crf else None
        best = best_tags(scores, tokens != "", crf)
        return {**tag_answers(tokens, *best, self.lexicon.tags), **answers}

    def answer_tokens(self, sentences: Sequence[Sequence[str]]) -> list[dict]:
        """Returns decoded answers for sentences that are split into tokens already.

        Args:
            sentences: Tokens of each sentence, `str` or UTF-8 `bytes`.

        Returns:
            For each sentence a dictionary: `tokens`, `tags` and `scores`, lists of one
            length, and with `intent` also `intent` and `intent_score`.

        Raises:
            TypeError: If a word is not a text.
            ValueError: If a sentence is a text, or has an empty word.
        """
        return self.answer(token_rows(sentences), "tokens")

    def signatures(self):
        self._require_network()
        return tag_signatures(self.vectorizer.split, self._answer_tokens)

    def answer_all(self, data) -> list[dict]:
        """Returns the decoded answer to each raw example."""
        sentences = self.examples(data).as_numpy_iterator()
        return self.answer_tokens([tokens.tolist() for tokens, *_ in sentences])

    def measure(self, data, answers=None):
        """Returns shares of words, spans, sentences and intents that are right.

        F1 of spans is first where the tags mark spans, the accuracy otherwise.
        """
        sentences = read_sentences(self.examples(data), self.config.intent)
        answers = self.answer_all(data) if answers is None else answers
        return measure_sentences(sentences, answers, headline(self.lexicon.tags))

    def check_report(self, data):
        """Raises a ValueError for held-out tags that do not mark spans."""
        if headline(self.lexicon.tags) == "f1":
            for split, part in (
                (data.test_split, data.test),
                ("validation", data.validation),
            ):
                check_spans(split, read_sentences(self.examples(part)))

    def describe(self, data, answers):
        """Returns the accuracy on unseen words and the score of most frequent tags."""
        train, test = (
            read_sentences(self.examples(part)) for part in (data.train, data.test)
        )
        return describe_sentences(train, test, answers, headline(self.lexicon.tags))

    def report(self, data, answers, folder: Path, metrics):
        """Draws confused tags, prints scores and a few sentences with their tags."""
        test = read_sentences(self.examples(data.test), self.config.intent)
        report_tags(test, answers, folder, metrics)

    @property
    def class_names(self):
        self._require_network()
        if self.config.crf or self.config.intent:
            return None
        return self.lexicon.tags


def _crossentropy():
    """Returns the loss of tags or of intents; steps of weight 0 do not count."""
    return keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, reduction="mean_with_sample_weight"
    )
