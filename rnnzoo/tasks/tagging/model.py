"""Many to many, aligned: a sentence in, a tag for each of its words out."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import keras
import tensorflow as tf

from rnnzoo.answers import text_list
from rnnzoo.checks import check_positive
from rnnzoo.export import Signature
from rnnzoo.layers.tag_schemes import warn_of_broken
from rnnzoo.tasks.base import TextModel, graph_function
from rnnzoo.tasks.tagging.answers import (
    TOKENS,
    answer_sentences,
    best_tags,
    tag_answers,
    tag_signatures,
)
from rnnzoo.tasks.tagging.batches import tag_batches
from rnnzoo.tasks.tagging.network import (
    INTENT,
    TAGS,
    TaggingArchitecture,
    tagging_network,
)
from rnnzoo.tasks.tagging.sentences import Lexicon, read_sentences
from rnnzoo.text import TokenVectorizer, as_utf8, read_word_vectors, with_vectors


@keras.saving.register_keras_serializable("rnnzoo")
class Tagger(TextModel):
    """Reads a sentence and answers with a tag for each of its words.

    Words are embedded, with what a character LSTM makes of their spelling if it shall
    be read, and run through `num_layers` recurrent layers; a linear layer scores the
    tags, and a CRF, if there is one, the sequences of tags (Lample et al. 2016,
    arXiv 1603.01360). A second head may answer for the whole sentence.

    Args:
        cell: a name in `rnnzoo.layers.RECURRENT_LAYERS`.
        units: size of the recurrent state (of each direction).
        num_layers: number of recurrent layers, each over the states of the one below.
        bidirectional: whether every layer also reads from the end.
        crf: whether the tags of a sentence are chosen together, by a `CRF`.
        constrained: whether the CRF answers only what the tags' scheme, IOB2 or IOBES,
            allows; `adapt` warns of data that break it.
        intent: whether the sentence gets a label, too.
        embedding_dim: size of the word vectors.
        word_length: how many bytes of a word's spelling are read, of a longer word the
            first and the last half; 0: none.
        character_dim: size of the vectors of characters.
        character_units: size of the character LSTM's state, of each direction.
        word_dropout: fraction of the words read as unknown ones in training.
        embedding_dropout: fraction of the words' features dropped in training.
        dropout: fraction dropped in training above every recurrent layer.
        vocabulary_size: how many ids `adapt` may give, padding and unknown included.
        max_length: how many words of a sentence are trained on; answers have no limit.
        batch_size: number of sentences of a batch, in training and in answering.
        vocabulary: the words, most frequent first; `None` until `adapt`.
        tags: the tags' names; `None` until `adapt`.
        intents: the labels of sentences; `None` until `adapt`, and without `intent`.
        **kwargs: `name`, `dtype`, `trainable` of `keras.Model`.

    The model itself takes what `TokenVectorizer` gives and returns scores `(batch,
    time, tags)`, or a dictionary of `tags` and `intent`. Raw text goes in at
    `predict_text` and the exported SavedModel, tokens at `adapt`, `pipeline` and
    `predict_tokens`.

    Raises:
        ValueError: if the cell is unknown, a size is not positive, a dropout rate is
            not in [0, 1), `constrained` comes without `crf`, or some of `vocabulary`,
            `tags` and `intents` are given without the others.

    >>> model = Tagger("gru", units=4, vocabulary=["it"], tags=["PRON", "VERB"])
    >>> model.predict_text(["It rains."])[0]["tokens"]
    ['It', 'rains', '.']
    """

    EXAMPLES = "(tokens, tags), or (tokens, tags, intent) with `intent=True`"

    def __init__(
        self,
        cell: str = "lstm",
        *,
        units: int = 128,
        num_layers: int = 1,
        bidirectional: bool = False,
        crf: bool = False,
        constrained: bool = False,
        intent: bool = False,
        embedding_dim: int = 128,
        word_length: int = 0,
        character_dim: int = 32,
        character_units: int = 64,
        word_dropout: float = 0.25,
        embedding_dropout: float = 0.5,
        dropout: float = 0.5,
        vocabulary_size: int = 50_000,
        max_length: int = 100,
        batch_size: int = 32,
        vocabulary: Sequence[str] | None = None,
        tags: Sequence[str] | None = None,
        intents: Sequence[str] | None = None,
        **kwargs,
    ):
        check_positive(
            vocabulary_size=vocabulary_size,
            max_length=max_length,
            batch_size=batch_size,
        )
        if (vocabulary is None) != (tags is None):
            raise ValueError("`vocabulary` and `tags` go together, or come by `adapt`.")
        if (intents is not None) != (intent and vocabulary is not None):
            raise ValueError(
                "`intents` go with `intent=True`, `vocabulary` and `tags`, or come by "
                f"`adapt`; got {intents!r}."
            )
        super().__init__(**kwargs)
        self._architecture = TaggingArchitecture(
            cell=cell,
            units=units,
            num_layers=num_layers,
            bidirectional=bidirectional,
            crf=crf,
            constrained=constrained,
            embedding_dim=embedding_dim,
            word_length=word_length,
            character_dim=character_dim,
            character_units=character_units,
            word_dropout=word_dropout,
            embedding_dropout=embedding_dropout,
            dropout=dropout,
        )
        self.intent = intent
        self.vocabulary_size = vocabulary_size
        self.max_length = max_length
        self.batch_size = batch_size
        self._lexicon = self._vectorizer = self._answer = None
        if vocabulary is not None:
            self._set_lexicon(Lexicon(vocabulary, tags, intents))

    def adapt(
        self, dataset: tf.data.Dataset, word_vectors: str | Path | None = None
    ) -> None:
        """Learns the words and the tags, with which the model's weights come to be.

        Args:
            dataset: data set of `(tokens, tags)`, string vectors of one length, and,
                with `intent`, of a third, the sentence's label, a scalar string.
            word_vectors: a text file of vectors to begin with, in the format of GloVe:
                a line for each word, the word and its numbers, with blanks between.
                Words that stand only there are known, too, the first ones of the file,
                as far as `vocabulary_size` goes.

        Raises:
            ValueError: if the words are known already; a sentence has not as many tags
                as words; or the vectors have another size than `embedding_dim`.
        """
        self._check_new()
        sentences = read_sentences(dataset, self.intent)
        lexicon, vectors = Lexicon.learn(sentences, self.vocabulary_size), {}
        if self._architecture.constrained:
            warn_of_broken([sentence.tags for sentence in sentences], lexicon.tags)
        if word_vectors is not None:
            words, size = set(lexicon.vocabulary), self._architecture.embedding_dim
            room = max(self.vocabulary_size - 2 - len(words), 0)
            vectors = read_word_vectors(word_vectors, size, words, room)
        self._set_lexicon(lexicon.with_words(vectors))
        if vectors:
            table = self.network.get_layer("word_vectors").embeddings
            vocabulary = self.lexicon.vocabulary
            table.assign(with_vectors(table.numpy(), vocabulary, vectors))

    def pipeline(
        self, dataset: tf.data.Dataset, training: bool = False
    ) -> tf.data.Dataset:
        """Tagged sentences to batches for `fit` and `evaluate`.

        Args:
            dataset: see `adapt`. A sentence with a tag or a label that is not known
                does not count.
            training: whether the examples are shuffled, anew for every epoch.

        Returns:
            Data set of `(ids, answers, weights)`, as the model and its loss take them.
        """
        return tag_batches(
            dataset,
            self._known(self._vectorizer),
            self.lexicon,
            max_length=self.max_length,
            batch_size=self.batch_size,
            crf=self._architecture.crf,
            training=training,
        )

    def call(self, ids, training=False):
        return self.network(ids, training=training)

    def answer_tokens(self, tokens: tf.Tensor) -> dict[str, tf.Tensor]:
        """Tokens to answers, in the graph: what the SavedModel serves.

        Args:
            tokens: string tensor `(batch, time)`, "" for padding, with one step at
                least.

        Returns:
            `tokens`, `tags` and `scores`: see `tag_answers`; with the head for it
            `intent`, string `(batch,)`, and `intent_score`, its probability.
        """
        tokens = as_utf8(tokens)
        scores = self(self._known(self._vectorizer)(tokens), training=False)
        answers = {}
        if self.intent:
            probabilities = tf.nn.softmax(tf.cast(scores[INTENT], tf.float32))
            best = tf.argmax(probabilities, axis=-1)
            answers = {
                "intent": tf.gather(tf.constant(self.lexicon.intents), best),
                "intent_score": tf.reduce_max(probabilities, axis=-1),
            }
            scores = scores[TAGS]
        crf = self.network.get_layer("crf") if self._architecture.crf else None
        best = best_tags(scores, tokens != "", crf)
        return {**tag_answers(tokens, *best, self.lexicon.tags), **answers}

    def predict_text(self, texts: str | Sequence[str]) -> list[dict]:
        """Parts raw texts into tokens, as `TokenVectorizer.split` does, and tags these.

        Args:
            texts: texts, `str` or UTF-8 `bytes`; one alone is taken as a list of one.

        Returns:
            For each text a dictionary: `tokens`, `tags` and `scores`, lists of one
            length, and, with that head, `intent` and `intent_score`.
        """
        texts = tf.constant(text_list(texts), tf.string)
        return self.predict_tokens(self._known(self._vectorizer).split(texts).to_list())

    def predict_tokens(self, sentences: Sequence[Sequence[str]]) -> list[dict]:
        """Tags sentences that are parted already.

        Args:
            sentences: the tokens of each, `str` or UTF-8 `bytes`.

        Returns:
            See `predict_text`.
        """
        return answer_sentences(self._known(self._answer), sentences, self.batch_size)

    def signatures(self) -> dict[str, Signature]:
        """What a SavedModel of this model answers, see `tag_signatures`."""
        answer = self._known(self._answer)
        return tag_signatures(self._vectorizer.split, answer)

    @property
    def lexicon(self) -> Lexicon:
        """The words, tags and labels; known after `adapt`."""
        return self._known(self._lexicon)

    def get_config(self):
        lexicon = self._lexicon
        return {
            **super().get_config(),
            **dataclasses.asdict(self._architecture),
            "intent": self.intent,
            "vocabulary": lexicon and lexicon.vocabulary,
            "tags": lexicon and lexicon.tags,
            "intents": lexicon and lexicon.intents,
        }

    def _set_lexicon(self, lexicon):
        self._vectorizer = TokenVectorizer(
            lexicon.vocabulary, self._architecture.word_length
        )
        self._network = tagging_network(
            self._vectorizer.vocabulary_size,
            lexicon.tags,
            lexicon.intents,
            self._architecture,
            self.dtype_policy,
        )
        self._answer = graph_function(self.answer_tokens, TOKENS)
        self._lexicon = lexicon
        self.built = True
