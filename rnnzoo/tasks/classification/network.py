"""From the ids of a text to one answer: the networks of the text classifier."""

import keras

from rnnzoo.layers import RECURRENT_LAYERS, BagOfWords, Embedding, MeanMaxPooling
from rnnzoo.layers.last_tokens import LastTokens

BAG_OF_WORDS = "bag_of_words"
# At the learning rate of the recurrent layers; measured on IMDB.
COUNT_SCALE = 0.3


def text_network(
    vocabulary_size: int,
    classes: int,
    *,
    cell: str,
    units: int,
    num_layers: int,
    bidirectional: bool,
    embedding_dim: int,
    word_dropout: float,
    embedding_dropout: float,
    dropout: float,
    word_counts: bool,
    recurrent_length: int,
    dtype,
) -> keras.Model:
    """Builds the network of a `TextClassifier`; see there for the arguments.

    Returns:
        A model from int32 ids `(batch, time)`, 0 for padding, to logits
        `(batch, classes)`; with `word_counts`, those of both classifiers in a list.
    """
    ids = keras.Input((None,), dtype="int32", name="ids")
    full = keras.dtype_policies.get(dtype).variable_dtype
    bag_of_words = BagOfWords(
        vocabulary_size, classes, COUNT_SCALE, dtype=full, name=BAG_OF_WORDS
    )
    if cell == BAG_OF_WORDS:
        return keras.Model(ids, bag_of_words(ids), name="network")

    # === Words ===
    x = LastTokens(recurrent_length)(ids)
    x = Embedding(
        vocabulary_size, embedding_dim, word_dropout, mask_zero=True, dtype=dtype
    )(x)
    x = keras.layers.SpatialDropout1D(embedding_dropout, dtype=dtype)(x)

    # === Recurrent layers ===
    for i in range(num_layers):
        if i > 0:
            x = keras.layers.Dropout(dropout, dtype=dtype)(x)
        layer = RECURRENT_LAYERS[cell](units, return_sequences=True, dtype=dtype)
        if bidirectional:
            layer = keras.layers.Bidirectional(layer, dtype=dtype)
        x = layer(x)

    # === The answer; in full precision where the layers below are in half ===
    x = MeanMaxPooling(dtype=dtype)(x)
    x = keras.layers.Dropout(dropout, dtype=dtype)(x)
    logits = keras.layers.Dense(classes, dtype=full)(x)
    answers = [logits, bag_of_words(ids)] if word_counts else logits
    return keras.Model(ids, answers, name="network")
