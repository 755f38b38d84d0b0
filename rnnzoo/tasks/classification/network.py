"""The network of the text classifier: from the ids of a text to logits."""

import keras

from rnnzoo.layers import Embedding, LastTokens, MeanMaxPooling
from rnnzoo.tasks.classification.config import TextClassifierConfig


def text_network(
    config: TextClassifierConfig, vocabulary_size: int, classes: int, dtype
) -> keras.Model:
    """Builds the network of a `TextClassifier`.

    Args:
        config: Settings of the classifier.
        vocabulary_size: Number of ids.
        classes: Number of labels.
        dtype: Dtype or dtype policy. The logits are in the precision of its variables.

    Returns:
        Model from int32 ids `(batch, time)`, 0 for padding, to logits `(batch,
        classes)`.
    """
    ids = keras.Input((None,), dtype="int32", name="ids")

    # === Layers ===
    read = LastTokens(min(config.recurrent_length, config.max_length))
    embedding = Embedding(
        vocabulary_size,
        config.embedding_dim,
        config.word_dropout,
        mask_zero=True,
        dtype=dtype,
    )
    drop_features = keras.layers.SpatialDropout1D(config.embedding_dropout, dtype=dtype)
    encoder = config.encoder(dtype)
    pooling = MeanMaxPooling(dtype=dtype)
    drop = keras.layers.Dropout(config.dropout, dtype=dtype)
    full = keras.dtype_policies.get(dtype).variable_dtype
    classifier = keras.layers.Dense(classes, dtype=full, name="logits")

    # === Functional Model ===
    x = encoder(drop_features(embedding(read(ids))))
    return keras.Model(ids, classifier(drop(pooling(x))), name="network")
