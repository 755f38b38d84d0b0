"""Many to one: a text in, a label out."""

from pathlib import Path
from typing import Any, ClassVar

import keras
import numpy as np
import tensorflow as tf

from rnnzoo.data.batching import bucket_lengths
from rnnzoo.data.examples import Column
from rnnzoo.tasks.base import Task, graph_function
from rnnzoo.tasks.classification.answers import IDS, class_answers, class_signatures
from rnnzoo.tasks.classification.config import TextClassifierConfig
from rnnzoo.tasks.classification.data import load_labelled_texts
from rnnzoo.tasks.classification.labels import (
    assert_known,
    check_labels,
    learn_class_names,
    numbered_labels,
)
from rnnzoo.tasks.classification.network import text_network
from rnnzoo.tasks.classification.report import report_classes
from rnnzoo.text import TextVectorizer


@keras.saving.register_keras_serializable("rnnzoo")
class TextClassifier(Task):
    """Reads a text token by token and answers with one label.

    The words are embedded, read by a `RecurrentEncoder`, pooled over time (mean and
    maximum) and classified by a linear layer.

    Args:
        **settings: Fields of `TextClassifierConfig`.
        learned: `vocabulary`, the words, most frequent first, and `class_names`;
            `None` until `adapt`.
        (others): See `Task`.

    Raw examples: `(text, label)`, a string scalar and an integer or string scalar. The
    network takes int32 ids `(batch, time)`, 0 for padding, and returns float32 logits
    `(batch, classes)`.

    >>> learned = {"vocabulary": ["good", "bad"], "class_names": ["neg", "pos"]}
    >>> model = TextClassifier(cell="gru", units=4, learned=learned)
    >>> sorted(model.answer(["A good film."])[0])
    ['classes', 'label', 'probabilities', 'score']
    """

    Config = TextClassifierConfig
    columns = (Column("text"), Column("label", "label"))
    unit = "texts"
    baseline: ClassVar[str] = "sentiment_bag_of_words"

    load = staticmethod(load_labelled_texts)

    def learn(self, examples: tf.data.Dataset) -> dict[str, Any]:
        """Learns the vocabulary, and the names of the labels.

        Raises:
            ValueError: If there is no word, only one label, or a label without a name.
        """
        labels = examples.map(lambda text, label, *weight: label)
        texts = examples.map(lambda text, *others: text)
        class_names = learn_class_names(labels, self.config.class_names)
        size = self.config.vocabulary_size
        vocabulary = TextVectorizer.learn_vocabulary(texts, size)
        return {"vocabulary": vocabulary, "class_names": class_names}

    def assemble(self, vocabulary, class_names) -> keras.Model:
        self.vectorizer = TextVectorizer(vocabulary, self.config.max_length)
        self._answer_ids = graph_function(self.answer_ids, IDS)
        return self.build_network(self.vectorizer.vocabulary_size, len(class_names))

    def build_network(self, vocabulary_size: int, classes: int) -> keras.Model:
        """Returns the network from ids to logits."""
        return text_network(self.config, vocabulary_size, classes, self.dtype_policy)

    def encode(self, texts, labels):
        numbers = numbered_labels(labels, self.class_names)
        check = assert_known(labels, numbers, self.class_names)
        with tf.control_dependencies([check]):
            return self.vectorizer.ragged(texts), tf.identity(numbers)

    def lengths(self):
        length = min(self.config.recurrent_length, self.config.max_length)
        return sorted({*bucket_lengths(length), self.config.max_length})

    def to_inputs(self, rows):
        return self.vectorizer(rows)

    def compile_arguments(self):
        return {
            # Rows that fill up a batch have weight 0 and do not count.
            "loss": keras.losses.SparseCategoricalCrossentropy(
                from_logits=True, reduction="mean_with_sample_weight"
            ),
            "weighted_metrics": ["accuracy"],
        }

    def answer_ids(self, ids: tf.Tensor) -> dict[str, tf.Tensor]:
        """Ids `(batch, time)` to answers, in the graph: see `class_answers`."""
        return class_answers(self(ids, training=False), self.class_names)

    def signatures(self):
        self._require_network()
        return class_signatures(self.vectorizer, self._answer_ids, self.class_names)

    def answer_all(self, data) -> tuple[np.ndarray, np.ndarray]:
        """Returns the number of the label of each raw example, and that predicted."""
        examples = self.examples(data)
        labels = examples.map(lambda text, label, *weight: label).batch(1024)
        numbers = labels.map(lambda batch: numbered_labels(batch, self.class_names))
        known = np.concatenate([*numbers.as_numpy_iterator()])
        return known, self.predict(examples, verbose=0).argmax(axis=-1)

    def measure(self, data, answers=None):
        """Returns the accuracy on raw examples."""
        labels, predictions = self.answer_all(data) if answers is None else answers
        return {"accuracy": round(float(np.mean(labels == predictions)), 4)}

    def check_report(self, data):
        """Raises a ValueError for held-out labels that have no name."""
        for part in (data.validation, data.test):
            labels = {label for _, label, *_ in part.as_numpy_iterator()}
            texts = [x.decode() if isinstance(x, bytes) else int(x) for x in labels]
            check_labels(sorted(texts), self.class_names)

    def describe(self, data, answers):
        """Returns the accuracy of always answering the most frequent label."""
        labels, _ = answers
        return {"majority": round(float(np.bincount(labels).max() / len(labels)), 4)}

    def report(self, data, answers, folder: Path, metrics):
        """Draws the confusion matrix, and prints the accuracy beside the baselines."""
        report_classes(*answers, self.class_names, folder, metrics)

    @property
    def class_names(self) -> list[str]:
        """Names of the labels, in the order of their numbers."""
        self._require_network()
        return list(self.learned["class_names"])
