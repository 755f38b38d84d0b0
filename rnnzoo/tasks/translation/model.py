"""Many to many, not aligned: a text in, its translation out."""

import dataclasses
from collections.abc import Sequence

import keras
import tensorflow as tf

from rnnzoo.checks import check_flags, check_positive
from rnnzoo.names import look_up
from rnnzoo.tasks.translation.answers import Search, check_coverage
from rnnzoo.tasks.translation.architecture import TranslationArchitecture
from rnnzoo.tasks.translation.network import TranslationNetwork
from rnnzoo.tasks.translation.texts import TranslationTexts
from rnnzoo.tasks.writer import TextWriter
from rnnzoo.text import VOCABULARIES


@keras.saving.register_keras_serializable("rnnzoo")
class Translator(TextWriter):
    """Reads a text and writes another one.

    An encoder reads the whole text; a decoder writes, token by token, and with
    attention looks at each step at what it needs of the source (Bahdanau et al. 2015,
    arXiv 1409.0473), see `rnnzoo.layers.Decoder`. Without, all it knows of the source
    is one vector (Cho et al. 2014, arXiv 1406.1078; Sutskever et al. 2014, arXiv
    1409.3215).

    Args:
        cell: a name in `rnnzoo.layers.RECURRENT_LAYERS`.
        units: size of the recurrent states (of the encoder's directions, each).
        num_layers: number of the encoder's recurrent layers.
        decoder_layers: number of the decoder's; what attention finds goes into those
            above the first.
        bidirectional: whether the encoder also reads from the end.
        attention: "bahdanau", or "general" or "dot" of Luong et al. 2015. The recipes
            without attention set it to `None`.
        conditional: whether the decoder's two layers (`decoder_layers=2`), with
            attention between them, go on from each other's states, see
            `rnnzoo.layers.ConditionalDecoder`; nothing is dropped between these.
        embedding_dim: size of the tokens' vectors.
        tie_embeddings: whether the target's vectors are the weights of the softmax,
            too (Press & Wolf 2017, arXiv 1608.05859).
        share_embeddings: whether a token has one vector on both sides (the same,
            section 5); by default it has, where both have one vocabulary.
        embedding_dropout: fraction of the vectors' numbers dropped in training.
        dropout: fraction dropped in training between the layers, of what attention
            reads, and before the softmax.
        scheduled_sampling: fraction of the tokens before the next one that in training
            are the model's own and not those of the data (Bengio et al. 2015, arXiv
            1506.03099).
        sampling_steps: training steps in which this fraction rises, linearly from 0.
        vocabulary: what a token is: "subword", "word" or "character".
        joint_vocabulary: whether source and target have one vocabulary.
        vocabulary_size: how many ids `adapt` may give, to each side.
        lowercase: whether all text is taken in lower case.
        beam_size: number of hypotheses of the beam search, and of its answers.
        length_penalty: 0 ranks answers by the sum of their log probabilities, which
            favours short ones, 1 nearly by the mean, see `rnnzoo.decoding.beam_search`.
        coverage_penalty: what an answer is ranked lower by for each part of the source
            that was not read; needs attention, see there. With one the search goes on
            until no answer could become better.
        steps_per_token: how many tokens an answer may have for each token of the text,
            besides ten; higher, where translations are much longer than texts.
        max_length: how many tokens of a text are trained on.
        longest_source: how many are translated; what follows is left out, so that
            there is a limit to what an answer takes.
        batch_size: number of texts of a batch, in training and in answering.
        source_vocabulary: what `adapt` learned of the source; `None` until then.
        target_vocabulary: and of the target.
        **kwargs: `name`, `dtype`, `trainable` of `keras.Model`.

    The model itself takes a dictionary of `source` and `target`, the ids of a text, and
    of a translation after the begin token, and returns logits `(batch, time, ids)` of
    what comes next. Raw text goes in at `adapt`, `pipeline`, `predict_text` and
    `predict_beam`, and into the exported SavedModel.

    Raises:
        ValueError: if a name is unknown, a size is not positive, a rate is not in
            [0, 1), a penalty has nothing to go by, one vocabulary comes without the
            other, or vectors are to be shared by two unlike ones.

    >>> letters = {"source_vocabulary": [" ", "a"], "target_vocabulary": [" ", "b"]}
    >>> model = Translator("gru", units=4, vocabulary="character", **letters)
    >>> sorted(model.predict_text(["a a"])[0])
    ['score', 'translation']
    """

    EXAMPLES = "(text, translation)"

    def __init__(
        self,
        cell: str = "gru",
        *,
        units: int = 256,
        num_layers: int = 1,
        decoder_layers: int = 1,
        bidirectional: bool = True,
        attention: str | None = "bahdanau",
        conditional: bool = False,
        embedding_dim: int = 128,
        tie_embeddings: bool = True,
        share_embeddings: bool | None = None,
        embedding_dropout: float = 0.2,
        dropout: float = 0.3,
        scheduled_sampling: float = 0.0,
        sampling_steps: int = 5000,
        vocabulary: str = "subword",
        joint_vocabulary: bool = True,
        vocabulary_size: int = 5000,
        lowercase: bool = False,
        beam_size: int = 5,
        length_penalty: float = 1.0,
        coverage_penalty: float = 0.0,
        steps_per_token: int = 2,
        max_length: int = 100,
        longest_source: int = 2000,
        batch_size: int = 64,
        source_vocabulary: Sequence | None = None,
        target_vocabulary: Sequence | None = None,
        **kwargs,
    ):
        look_up("vocabulary", vocabulary, dict.fromkeys(VOCABULARIES))
        check_positive(
            vocabulary_size=vocabulary_size,
            max_length=max_length,
            longest_source=longest_source,
            batch_size=batch_size,
        )
        check_flags(joint_vocabulary=joint_vocabulary, lowercase=lowercase)
        if share_embeddings and not joint_vocabulary:
            raise ValueError(
                "`share_embeddings` needs one vocabulary for both sides: set "
                "`joint_vocabulary=True` with it, got False."
            )
        if (source_vocabulary is None) != (target_vocabulary is None):
            missing = "source" if source_vocabulary is None else "target"
            raise ValueError(
                "`source_vocabulary` and `target_vocabulary` go together: give "
                f"`{missing}_vocabulary`, too, or none, and call `adapt`."
            )
        super().__init__(**kwargs)
        self._architecture = TranslationArchitecture(
            cell=cell,
            units=units,
            num_layers=num_layers,
            decoder_layers=decoder_layers,
            bidirectional=bidirectional,
            attention=attention,
            conditional=conditional,
            embedding_dim=embedding_dim,
            tie_embeddings=tie_embeddings,
            share_embeddings=share_embeddings,
            embedding_dropout=embedding_dropout,
            dropout=dropout,
            scheduled_sampling=scheduled_sampling,
            sampling_steps=sampling_steps,
        )
        self.vocabulary = vocabulary
        self.joint_vocabulary = joint_vocabulary
        self.vocabulary_size = vocabulary_size
        self.lowercase = lowercase
        self.max_length = max_length
        self.longest_source = longest_source
        self.batch_size = batch_size
        self._vocabularies = None
        self._search = Search(
            beam_size=beam_size,
            length_penalty=length_penalty,
            coverage_penalty=coverage_penalty,
            steps_per_token=steps_per_token,
        )
        check_coverage(self.search, attention)
        if source_vocabulary is not None:
            self._set_vocabularies(source_vocabulary, target_vocabulary)

    def adapt(self, dataset: tf.data.Dataset) -> None:
        """Learns the vocabularies, with which the model's weights come to be.

        Args:
            dataset: data set of `(text, translation)`, two scalar strings.

        Raises:
            ValueError: if the vocabularies are known already, the data set holds
                something else, or no text, or `vocabulary_size` leaves no room.
        """
        self._check_new()
        learned = TranslationTexts.learn(
            dataset,
            self.vocabulary,
            self.vocabulary_size,
            joint=self.joint_vocabulary,
            lowercase=self.lowercase,
        )
        self._set_vocabularies(*learned)

    def pipeline(
        self, dataset: tf.data.Dataset, training: bool = False
    ) -> tf.data.Dataset:
        """Texts and their translations to batches for `fit` and `evaluate`.

        Args:
            dataset: see `adapt`.
            training: whether the examples are shuffled, anew for every epoch.

        Returns:
            Data set of `(ids, answers, weights)`, see
            `rnnzoo.tasks.translation.batches`.
        """
        return self.texts.batches(
            dataset,
            batch_size=self.batch_size,
            max_length=self.max_length,
            training=training,
        )

    def call(self, ids, training=False):
        return self.network(ids, training=training)

    @property
    def attention(self) -> str | None:
        """How the decoder looks at the source, if it does."""
        return self._architecture.attention

    def get_config(self):
        source, target = self._vocabularies or (None, None)
        return {
            **super().get_config(),
            **dataclasses.asdict(self._architecture),
            "vocabulary": self.vocabulary,
            "joint_vocabulary": self.joint_vocabulary,
            "lowercase": self.lowercase,
            **dataclasses.asdict(self.search),
            "longest_source": self.longest_source,
            "source_vocabulary": source,
            "target_vocabulary": target,
        }

    def _set_vocabularies(self, source, target):
        share = self._architecture.share_embeddings
        one = self.joint_vocabulary and list(source) == list(target)
        if share and not one:
            raise ValueError(
                "`share_embeddings` needs one vocabulary for both sides: give the same "
                "list as `source_vocabulary` and as `target_vocabulary`."
            )
        self._texts = TranslationTexts(
            *(self.vocabulary, source, target),
            lowercase=self.lowercase,
            longest_source=self.longest_source,
        )
        self._network = TranslationNetwork(
            self._texts.source.vocabulary_size,
            self._texts.target.vocabulary_size,
            dataclasses.replace(
                self._architecture, share_embeddings=one if share is None else share
            ),
            unwritten=self._texts.target.unwritten,
            dtype=self.dtype_policy,
        )
        ids = keras.Input((None,), dtype="int32")
        self._network({"source": ids, "target": ids})  # its weights come to be
        self._vocabularies = source, target
        self._make_graphs()
        self.built = True
