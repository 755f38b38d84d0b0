"""The network of the tagger: from the ids of words to a score for each tag."""

from collections.abc import Sequence

import keras

from rnnzoo.layers import (
    CRF,
    AttentionPooling,
    CharacterFeatures,
    Dropout,
    Embedding,
    MeanMaxPooling,
    WordDropout,
)
from rnnzoo.tasks.tagging.config import TaggerConfig

TAGS, INTENT = "tags", "intent"
_BYTES = 256


def tagging_network(
    config: TaggerConfig,
    vocabulary_size: int,
    tags: Sequence[str],
    intents: Sequence[str] | None,
    dtype,
) -> keras.Model:
    """Builds the network of a `Tagger`.

    Args:
        config: Settings of the tagger.
        vocabulary_size: Number of ids of words.
        tags: Names of the tags.
        intents: Labels of sentences, or `None`.
        dtype: Dtype or dtype policy. The scores are in the precision of its variables.

    Returns:
        Model from the ids that `TokenVectorizer` returns to scores `(batch, time,
        tags)`; with `intents`, to a dictionary of these and of logits `(batch,
        intents)`.
    """
    full = keras.dtype_policies.get(dtype).variable_dtype

    # === Layers ===
    drop_words = WordDropout(config.word_dropout)
    embedding = Embedding(
        vocabulary_size,
        config.embedding_dim,
        mask_zero=True,
        dtype=dtype,
        name="word_vectors",
    )
    drop_features = Dropout(config.embedding_dropout, dtype=dtype)
    encoder = config.encoder(dtype)
    scorer = keras.layers.Dense(len(tags), dtype=full, name="scores")

    # === Functional Model ===
    words = keras.Input((None,), dtype="int32", name="words")
    inputs = {"words": words}
    x = embedding(drop_words(words))
    if config.word_length:
        spellings = keras.Input((config.word_length,), dtype="int32", name="spellings")
        places = keras.Input((None,), dtype="int32", name="places")
        inputs |= {"spellings": spellings, "places": places}
        characters = CharacterFeatures(
            _BYTES, config.character_dim, config.character_units, dtype=dtype
        )
        of_spelling = characters([spellings, places])
        x = keras.layers.Concatenate(dtype=dtype)([x, of_spelling])
    states = encoder(drop_features(x))
    scores = scorer(Dropout(config.dropout, dtype=dtype)(states))
    if config.crf:
        names = list(tags) if config.constrained else None
        scores = CRF(len(tags), names, dtype=full, name="crf")(scores)
    if intents is None:
        return keras.Model(inputs, scores, name="network")
    logits = _intent_head(states, len(intents), config.dropout, dtype)
    return keras.Model(inputs, {TAGS: scores, INTENT: logits}, name="network")


def _intent_head(states, intents, dropout, dtype):
    """Logits of the label of a sentence.

    Dropout follows the pooling, since it would change the maximum over time.
    """
    full = keras.dtype_policies.get(dtype).variable_dtype
    pooling = MeanMaxPooling(dtype=dtype), AttentionPooling(dtype=dtype)
    x = keras.layers.Concatenate(dtype=dtype)([pool(states) for pool in pooling])
    x = Dropout(dropout, dtype=dtype)(x)
    return keras.layers.Dense(intents, dtype=full, name="intent_logits")(x)
