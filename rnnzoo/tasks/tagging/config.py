"""Settings of a tagger."""

import dataclasses

from rnnzoo.tasks.config import Count, Flag, Positive, Rate, RecurrentConfig, Size


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaggerConfig(RecurrentConfig):
    """Settings of a tagger.

    Args:
        crf: Whether a CRF scores the tags of a sentence together.
        constrained: Whether the CRF answers only sequences that the scheme of the tags,
            IOB2 or IOBES, allows. `adapt` warns of data that break it.
        intent: Whether the sentence gets a label, too.
        intent_weight: Weight of the loss of that label, beside 1 for the tags' loss.
            The tags' loss is larger, since a CRF sums it over the words.
        word_length: Number of bytes of a word's spelling that are read, the first and
            the last half of a longer word; 0 for none.
        character_dim: Size of the vectors of characters.
        character_units: Size of the character LSTM's state, per direction.
        word_dropout: Fraction of the words read as unknown ones in training.
        embedding_dropout: Fraction of the words' features dropped in training.
        vocabulary_size: Number of ids that `adapt` may assign, those for padding and
            unknown words included.
        max_length: Number of words of a sentence that are trained on. Answers have no
            limit.
    """

    batch_size: Size = 32
    learning_rate: Positive = 2e-3
    crf: Flag = False
    constrained: Flag = False
    intent: Flag = False
    intent_weight: Positive = 3.0
    word_length: Count = 0
    character_dim: Size = 32
    character_units: Size = 64
    word_dropout: Rate = 0.25
    embedding_dropout: Rate = 0.5
    vocabulary_size: Size = 50_000
    max_length: Size = 100

    def check(self):
        if self.constrained and not self.crf:
            raise ValueError(
                "`constrained` chooses among sequences of tags, which needs a CRF: set "
                "`crf=True` with it, or take a recipe whose name ends in _crf."
            )
