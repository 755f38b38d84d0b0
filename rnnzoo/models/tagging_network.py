"""From the ids of a sentence's words to a score for each tag of each word."""

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


def check_architecture(
    *,
    cell: str,
    units: int,
    num_layers: int,
    bidirectional: bool,
    crf: bool,
    constrained: bool,
    embedding_dim: int,
    word_length: int,
    character_dim: int,
    character_units: int,
    word_dropout: float,
    embedding_dropout: float,
    dropout: float,
) -> None:
    """Raises a ValueError for settings that no `tagging_network` can have."""
    look_up("cell", cell, RECURRENT_LAYERS)
    check_positive(
        units=units,
        num_layers=num_layers,
        embedding_dim=embedding_dim,
        character_dim=character_dim,
        character_units=character_units,
    )
    if word_length:
        check_positive(word_length=word_length)
    check_rates(
        word_dropout=word_dropout,
        embedding_dropout=embedding_dropout,
        dropout=dropout,
    )
    if constrained and not crf:
        raise ValueError(
            "`constrained` chooses among sequences of tags, which needs a CRF: set "
            "`crf=True` with it."
        )


def tagging_network(
    vocabulary_size: int,
    tags: list[str],
    intents: list[str] | None,
    *,
    cell: str,
    units: int,
    num_layers: int,
    bidirectional: bool,
    crf: bool,
    constrained: bool,
    embedding_dim: int,
    word_length: int,
    character_dim: int,
    character_units: int,
    word_dropout: float,
    embedding_dropout: float,
    dropout: float,
    dtype,
) -> keras.Model:
    """Builds the network of a `Tagger`; see there for the arguments.

    Returns:
        A model from what `TokenVectorizer` gives to the scores `(batch, time, tags)`;
        with `intents`, to a dictionary of these and of the logits `(batch, intents)`.
    """
    full = keras.dtype_policies.get(dtype).variable_dtype
    words = keras.Input((None,), dtype="int32", name="words")
    inputs = {"words": words}

    # === Words: by themselves, and by their spelling ===
    x = WordDropout(word_dropout)(words)
    x = Embedding(
        vocabulary_size, embedding_dim, mask_zero=True, dtype=dtype, name="word_vectors"
    )(x)
    if word_length:
        spellings = keras.Input((word_length,), dtype="int32", name="spellings")
        places = keras.Input((None,), dtype="int32", name="places")
        inputs |= {"spellings": spellings, "places": places}
        read = CharacterFeatures(256, character_dim, character_units, dtype=dtype)
        x = keras.layers.Concatenate(dtype=dtype)([x, read([spellings, places])])
    x = Dropout(embedding_dropout, dtype=dtype)(x)

    # === Recurrent layers ===
    for i in range(num_layers):
        if i > 0:
            x = Dropout(dropout, dtype=dtype)(x)
        layer = RECURRENT_LAYERS[cell](units, return_sequences=True, dtype=dtype)
        if bidirectional:
            layer = keras.layers.Bidirectional(layer, dtype=dtype)
        x = layer(x)

    # === The answers; in full precision where the layers below are in half ===
    dropped = Dropout(dropout, dtype=dtype)(x)
    scores = keras.layers.Dense(len(tags), dtype=full)(dropped)
    if crf:
        scores = CRF(len(tags), tags if constrained else None, dtype=full, name="crf")(
            scores
        )
    if intents is None:
        return keras.Model(inputs, scores, name="network")
    # Dropped after the pooling: the maximum over time of what dropout has scaled up
    # would be another one than in answering.
    pooled = [MeanMaxPooling(dtype=dtype)(x), AttentionPooling(dtype=dtype)(x)]
    x = keras.layers.Concatenate(dtype=dtype)(pooled)
    x = Dropout(dropout, dtype=dtype)(x)
    logits = keras.layers.Dense(len(intents), dtype=full)(x)
    return keras.Model(inputs, {TAGS: scores, INTENT: logits}, name="network")
