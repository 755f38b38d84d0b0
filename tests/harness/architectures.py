"""What a small translator is made of."""

from rnnzoo.tasks.translation.architecture import TranslationArchitecture

SETTINGS = {
    "cell": "gru",
    "units": 5,
    "num_layers": 1,
    "decoder_layers": 1,
    "bidirectional": True,
    "attention": "general",
    "conditional": False,
    "embedding_dim": 4,
    "tie_embeddings": True,
    "share_embeddings": False,
    "embedding_dropout": 0.0,
    "dropout": 0.0,
    "scheduled_sampling": 0.0,
    "sampling_steps": 1,
}


def architecture(**settings):
    return TranslationArchitecture(**{**SETTINGS, **settings})
