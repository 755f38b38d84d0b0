"""From the ids of a sentence's words to a score for each tag of each word."""

import dataclasses

import keras

from rnnzoo.checks import check_positive, check_rates
from rnnzoo.layers import (
    CRF,
    RECURRENT_LAYERS,
    AttentionPooling,
    CharacterFeatures,
    Dropout,
    Embedding,
    MeanMaxPooling,
    WordDropout,
)
from rnnzoo.names import look_up

TAGS, INTENT = "tags", "intent"


@dataclasses.dataclass(frozen=True, kw_only=True)
class TaggingArchitecture:
    """What a `tagging_network` is made of, see `Tagger`.

    Raises:
        ValueError: if the cell is unknown, a size or a rate is out of range, or
            `constrained` comes without `crf`.
    """

    cell: str
    units: int
    num_layers: int
    bidirectional: bool
    crf: bool
    constrained: bool
    embedding_dim: int
    word_length: int
    character_dim: int
    character_units: int
    word_dropout: float
    embedding_dropout: float
    dropout: float

    def __post_init__(self):
        look_up("cell", self.cell, RECURRENT_LAYERS)
        check_positive(
            units=self.units,
            num_layers=self.num_layers,
            embedding_dim=self.embedding_dim,
            character_dim=self.character_dim,
            character_units=self.character_units,
        )
        if self.word_length:
            check_positive(word_length=self.word_length)
        check_rates(
            word_dropout=self.word_dropout,
            embedding_dropout=self.embedding_dropout,
            dropout=self.dropout,
        )
        if self.constrained and not self.crf:
            raise ValueError(
                "`constrained` chooses among sequences of tags, which needs a CRF: set "
                "`crf=True` with it, or take a recipe whose name ends in _crf."
            )


def tagging_network(
    vocabulary_size: int,
    tags: list[str],
    intents: list[str] | None,
    architecture: TaggingArchitecture,
    dtype,
) -> keras.Model:
    """Builds the network of a `Tagger`.

    Args:
        vocabulary_size: number of ids of words.
        tags: the names of the tags.
        intents: the labels of sentences, if they get one.
        architecture: what it is made of.
        dtype: name of a dtype or of a policy, or a policy.

    Returns:
        A model from what `TokenVectorizer` gives to the scores `(batch, time, tags)`;
        with `intents`, to a dictionary of these and of the logits `(batch, intents)`.
    """
    full = keras.dtype_policies.get(dtype).variable_dtype
    words = keras.Input((None,), dtype="int32", name="words")
    inputs = {"words": words}

    # === Words: by themselves, and by their spelling ===
    x = WordDropout(architecture.word_dropout)(words)
    x = Embedding(
        vocabulary_size,
        architecture.embedding_dim,
        mask_zero=True,
        dtype=dtype,
        name="word_vectors",
    )(x)
    if architecture.word_length:
        spellings = keras.Input(
            (architecture.word_length,), dtype="int32", name="spellings"
        )
        places = keras.Input((None,), dtype="int32", name="places")
        inputs |= {"spellings": spellings, "places": places}
        read = CharacterFeatures(
            256, architecture.character_dim, architecture.character_units, dtype=dtype
        )
        x = keras.layers.Concatenate(dtype=dtype)([x, read([spellings, places])])
    x = Dropout(architecture.embedding_dropout, dtype=dtype)(x)

    # === Recurrent layers ===
    for i in range(architecture.num_layers):
        if i > 0:
            x = Dropout(architecture.dropout, dtype=dtype)(x)
        layer = RECURRENT_LAYERS[architecture.cell](
            architecture.units, return_sequences=True, dtype=dtype
        )
        if architecture.bidirectional:
            layer = keras.layers.Bidirectional(layer, dtype=dtype)
        x = layer(x)

    # === The answers; in full precision where the layers below are in half ===
    dropped = Dropout(architecture.dropout, dtype=dtype)(x)
    scores = keras.layers.Dense(len(tags), dtype=full)(dropped)
    if architecture.crf:
        scores = CRF(
            len(tags),
            tags if architecture.constrained else None,
            dtype=full,
            name="crf",
        )(scores)
    if intents is None:
        return keras.Model(inputs, scores, name="network")
    # Dropped after the pooling: the maximum over time of what dropout has scaled up
    # would be another one than in answering.
    pooled = [MeanMaxPooling(dtype=dtype)(x), AttentionPooling(dtype=dtype)(x)]
    x = keras.layers.Concatenate(dtype=dtype)(pooled)
    x = Dropout(architecture.dropout, dtype=dtype)(x)
    logits = keras.layers.Dense(len(intents), dtype=full)(x)
    return keras.Model(inputs, {TAGS: scores, INTENT: logits}, name="network")
