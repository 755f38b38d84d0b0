"""Many to one: a text in, a label out."""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from rnnzoo.answers import answer_in_batches
from rnnzoo.checks import check_class_names, check_positive, check_rates
from rnnzoo.data.batching import (
    bucket_lengths,
    check_labels,
    padded_batches,
    text_examples,
)
from rnnzoo.export import Signature
from rnnzoo.layers import RECURRENT_LAYERS
from rnnzoo.names import look_up
from rnnzoo.tasks.base import TextModel, graph_function
from rnnzoo.tasks.classification.answers import IDS, class_answers, class_signatures
from rnnzoo.tasks.classification.network import BAG_OF_WORDS, text_network
from rnnzoo.text import TextVectorizer


@keras.saving.register_keras_serializable("rnnzoo")
class TextClassifier(TextModel):
    """Reads a text word by word and answers with one label.

    Words are embedded, run through `num_layers` recurrent layers, pooled over time
    (mean and maximum) and classified by a linear layer. A logistic regression on the
    word counts, which errs elsewhere, answers with it (Mesnil et al. 2014, arXiv
    1412.5335): the weighted mean of their log-probabilities counts, each is trained by
    its own loss, and `fit` shows the mean of these as `loss`. With the cell
    "bag_of_words" it answers alone; what the recurrent layers take says nothing.

    Args:
        cell: "bag_of_words", or a name in `rnnzoo.layers.RECURRENT_LAYERS`.
        units: size of the recurrent state (of each direction).
        num_layers: number of recurrent layers, each over the states of the one below.
        bidirectional: whether every layer also reads from the end.
        embedding_dim: size of the word vectors.
        word_dropout: fraction of the vocabulary dropped in training, anew for every
            batch.
        embedding_dropout: fraction of the word vectors' features dropped in
            training, the same ones at every step.
        dropout: fraction dropped in training below every layer but the first.
        word_counts: whether the logistic regression answers too.
        count_weight: its weight in the answer; that of the recurrent layers is
            `1 - count_weight`.
        class_names: the labels; label number `i` of a data set is `class_names[i]`.
        vocabulary_size: how many ids `adapt` may give, padding and unknown included.
        max_length: how many tokens of a text are read; of a longer one the last.
        recurrent_length: how many of these the recurrent layers read, again the
            last; the word counts are those of all.
        batch_size: number of texts of a batch, in training and in answering.
        vocabulary: the words, most frequent first; `None` until `adapt`.
        **kwargs: `name`, `dtype`, `trainable` of `keras.Model`.

    The model itself takes int32 ids `(batch, time)`, 0 for padding, and returns
    float32 logits `(batch, classes)`. Raw text goes in at `adapt`, `pipeline`,
    `predict_text` and the exported SavedModel.

    Raises:
        ValueError: if the cell is unknown, there are fewer than two classes, a size is
            not positive, or a dropout rate is not in [0, 1).

    >>> model = TextClassifier("gru", units=4, vocabulary=["good", "bad"])
    >>> model.predict_text(["A good film."])[0]["label"] in model.class_names
    True
    """

    EXAMPLES = "(text, label)"

    def __init__(
        self,
        cell: str = "lstm",
        *,
        units: int = 64,
        num_layers: int = 1,
        bidirectional: bool = False,
        embedding_dim: int = 128,
        word_dropout: float = 0.3,
        embedding_dropout: float = 0.7,
        dropout: float = 0.5,
        word_counts: bool = True,
        count_weight: float = 0.5,
        class_names: Sequence[str] = ("negative", "positive"),
        vocabulary_size: int = 20_000,
        max_length: int = 4000,
        recurrent_length: int = 400,
        batch_size: int = 64,
        vocabulary: Sequence[str] | None = None,
        **kwargs,
    ):
        look_up("cell", cell, {**RECURRENT_LAYERS, BAG_OF_WORDS: None})
        check_class_names(class_names)
        check_positive(
            units=units,
            num_layers=num_layers,
            embedding_dim=embedding_dim,
            vocabulary_size=vocabulary_size,
            max_length=max_length,
            recurrent_length=recurrent_length,
            batch_size=batch_size,
        )
        check_rates(
            word_dropout=word_dropout,
            embedding_dropout=embedding_dropout,
            dropout=dropout,
            count_weight=count_weight,
        )
        super().__init__(**kwargs)
        self._architecture = {
            "cell": cell,
            "units": units,
            "num_layers": num_layers,
            "bidirectional": bidirectional,
            "embedding_dim": embedding_dim,
            "word_dropout": word_dropout,
            "embedding_dropout": embedding_dropout,
            "dropout": dropout,
            "word_counts": word_counts,
            "recurrent_length": min(recurrent_length, max_length),
        }
        self.count_weight = count_weight
        self.class_names = [str(name) for name in class_names]
        self.vocabulary_size = vocabulary_size
        self.max_length = max_length
        self.batch_size = batch_size
        self._vectorizer = self._answer_ids = self._members = None
        if vocabulary is not None:
            self._set_vocabulary(vocabulary)

    def adapt(self, dataset: tf.data.Dataset) -> None:
        """Learns the vocabulary, with which the model's weights come to be.

        Args:
            dataset: data set of `(text, label)`: scalar string and integer.

        Raises:
            ValueError: if the vocabulary is known already, or a label has no name.
        """
        self._check_new()
        texts, labels = text_examples(dataset)
        check_labels(labels, self.class_names)
        self._set_vocabulary(
            TextVectorizer.learn_vocabulary(texts, self.vocabulary_size)
        )

    def pipeline(
        self, dataset: tf.data.Dataset, training: bool = False
    ) -> tf.data.Dataset:
        """Raw examples to batches for `fit` and `evaluate`.

        Args:
            dataset: data set of `(text, label)`: scalar string and integer.
            training: whether the examples are shuffled, anew for every epoch.

        Returns:
            Data set of `(ids, labels, weights)`, see `padded_batches`.
        """
        text_examples(dataset)
        recurrent_length = self._architecture["recurrent_length"]
        return padded_batches(
            dataset,
            self.vectorizer.ragged,
            self.batch_size,
            [*bucket_lengths(recurrent_length), self.max_length],
            shuffle=training,
        )

    def call(self, ids, training=False):
        logits = tf.nest.flatten(self.network(ids, training=training))
        members = tf.nn.log_softmax(tf.stack(logits))
        # For `compute_loss`, in the same step.
        self._members = members if training else None
        if len(logits) == 1:
            return members[0]
        recurrent, counts = tf.unstack(members)
        return recurrent + self.count_weight * (counts - recurrent)

    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        """In training the mean of the classifiers' losses, else that of the answer."""
        loss = super().compute_loss
        answers = [y_pred] if self._members is None else tf.unstack(self._members)
        losses = [loss(x, y, answer, sample_weight, training) for answer in answers]
        return sum(losses) / len(losses)

    def answer(self, texts: tf.Tensor) -> dict[str, tf.Tensor]:
        """Raw text to answers, in the graph: what the SavedModel serves.

        Args:
            texts: string tensor `(batch,)`.

        Returns:
            `label`, `score`, `probabilities` and `classes`: see `class_answers`.
        """
        return self.answer_ids(self.vectorizer(texts))

    def answer_ids(self, ids: tf.Tensor) -> dict[str, tf.Tensor]:
        """The same for int32 ids `(batch, time)`, 0 for padding."""
        return class_answers(self(ids, training=False), self.class_names)

    def predict_text(self, texts: str | Sequence[str]) -> list[dict]:
        """Answers raw texts.

        Args:
            texts: texts, `str` or UTF-8 `bytes`; one alone is taken as a list of one.

        Returns:
            For each text a dictionary of what `answer` gives for it.
        """
        vectorizer, answer_ids = self.vectorizer, self._answer_ids
        return answer_in_batches(
            lambda batch: answer_ids(vectorizer(tf.constant(batch))),
            texts,
            self.batch_size,
        )

    def labels_and_predictions(
        self, dataset: tf.data.Dataset
    ) -> tuple[np.ndarray, np.ndarray]:
        """The label of every example of a data set, and the one predicted.

        Args:
            dataset: data set of `(text, label)`: scalar string and integer.

        Returns:
            Two integer arrays `(examples,)`, ordered by the pipeline.
        """
        batches = self.pipeline(dataset)
        predictions = self.predict(batches).argmax(axis=-1)
        labels = batches.map(lambda ids, labels, weights: (labels, weights)).unbatch()
        labels, weights = map(np.array, zip(*labels.as_numpy_iterator(), strict=True))
        return labels[weights > 0], predictions[weights > 0]

    def signatures(self) -> dict[str, Signature]:
        """What a SavedModel of this model answers, see `class_signatures`."""
        return class_signatures(self.vectorizer, self._answer_ids, self.class_names)

    @property
    def vectorizer(self) -> TextVectorizer:
        """Raw text to ids; known after `adapt`."""
        return self._known(self._vectorizer)

    def get_config(self):
        vectorizer = self._vectorizer
        return {
            **super().get_config(),
            **self._architecture,
            "count_weight": self.count_weight,
            "class_names": self.class_names,
            "vocabulary": None if vectorizer is None else vectorizer.vocabulary,
        }

    def _set_vocabulary(self, vocabulary):
        self._vectorizer = TextVectorizer(vocabulary, self.max_length)
        self._network = text_network(
            self._vectorizer.vocabulary_size,
            len(self.class_names),
            dtype=self.dtype_policy,
            **self._architecture,
        )
        self._answer_ids = graph_function(self.answer_ids, IDS)
        self.built = True
