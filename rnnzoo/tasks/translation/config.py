"""Settings of a translator."""

import dataclasses
from typing import Annotated

from rnnzoo.layers import Recurrent, recurrent_layer
from rnnzoo.tasks.config import (
    AFTER_TRAINING,
    Cell,
    Choice,
    Flag,
    Positive,
    Rate,
    RecurrentConfig,
    Size,
)
from rnnzoo.tasks.writer import WriterConfig
from rnnzoo.text import VOCABULARIES

ATTENTIONS = ("bahdanau", "dot", "general")
# Metrics that may choose the best epoch, by the names that pictures show.
FIGURES = {"bleu": "BLEU", "exact_match": "exact match"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class TranslatorConfig(WriterConfig, RecurrentConfig):
    """Settings of a translator.

    Args:
        decoder_layers: Number of recurrent layers of the decoder. The attention context
            feeds every layer above the first.
        attention: "bahdanau", or "general" or "dot" of Luong et al. 2015; `None` for
            one vector that the whole source is read into.
        conditional: Whether the two layers of the decoder (`decoder_layers=2`), with
            attention between them, continue from each other's states, see
            `rnnzoo.layers.ConditionalDecoder`. Nothing is dropped between them.
        tie_embeddings: Whether the target's vectors are also the weights of the softmax
            (Press & Wolf 2017, arXiv 1608.05859).
        share_embeddings: Whether a token has one vector on both sides (the same,
            section 5); by default it has, where both sides have one vocabulary.
        embedding_dropout: Fraction of the features of the vectors dropped in training.
        label_smoothing: Probability that is spread evenly over all tokens, see
            `rnnzoo.layers.SmoothedCrossentropy`.
        scheduled_sampling: Fraction of the previous tokens that in training are the
            model's own and not those of the data (Bengio et al. 2015, arXiv
            1506.03099).
        sampling_steps: Number of training steps in which this fraction rises, linearly
            from 0.
        vocabulary: Kind of a token: "subword", "word" or "character".
        joint_vocabulary: Whether source and target have one vocabulary.
        vocabulary_size: Number of ids that `adapt` may assign, to each side.
        lowercase: Whether all text is converted to lower case.
        figure: Metric that chooses the best epoch, "bleu" or "exact_match"; by default
            that of the data set, or "bleu".
        max_length: Number of tokens of a text that are trained on.
        longest_source: Number of tokens that are translated. The rest is left out, so
            that the time of an answer is bounded.
    """

    learning_rate: Positive = 2e-3
    cell: Cell = "gru"
    units: Size = 256
    bidirectional: Flag = True
    dropout: Rate = 0.3
    decoder_layers: Size = 1
    attention: Choice[ATTENTIONS] | None = "bahdanau"
    conditional: Flag = False
    tie_embeddings: Flag = True
    share_embeddings: Flag | None = None
    embedding_dropout: Rate = 0.2
    label_smoothing: Rate = 0.1
    scheduled_sampling: Rate = 0.0
    sampling_steps: Size = 5000
    vocabulary: Choice[VOCABULARIES] = "subword"
    joint_vocabulary: Flag = True
    vocabulary_size: Size = 5000
    lowercase: Flag = False
    figure: Choice[tuple(FIGURES)] | None = None
    max_length: Size = 100
    longest_source: Annotated[Size, AFTER_TRAINING] = 2000

    def check(self):
        if self.attention == "dot" and self.bidirectional:
            raise ValueError(
                '`attention="dot"` takes products of states of one size, and those of '
                "two directions are twice as large: set `bidirectional=False`, or "
                '"general".'
            )
        if self.conditional and (self.attention is None or self.decoder_layers != 2):
            raise ValueError(
                "`conditional=True` goes with attention and `decoder_layers=2`, got "
                f"{self.attention!r} and {self.decoder_layers}: set these, or "
                "`conditional=False`."
            )
        if self.conditional and not issubclass(recurrent_layer(self.cell), Recurrent):
            raise ValueError(
                "`conditional=True` takes the cell of a recurrent layer of rnnzoo, got "
                f"`cell={self.cell!r}`: give another one, or set `conditional=False`."
            )
        if self.share_embeddings and not self.joint_vocabulary:
            raise ValueError(
                "`share_embeddings` needs one vocabulary for both sides: set "
                "`joint_vocabulary=True` with it, got False."
            )
        if self.coverage_penalty and self.attention is None:
            raise ValueError(
                "`coverage_penalty` needs attention weights: set `attention`, got None."
            )
