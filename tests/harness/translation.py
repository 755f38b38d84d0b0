"""Settings of a small translation network."""

from rnnzoo.tasks.translation.config import TranslatorConfig

SMALL = {
    "units": 5,
    "attention": "general",
    "embedding_dim": 4,
    "embedding_dropout": 0.0,
    "dropout": 0.0,
    "sampling_steps": 1,
}


def translator_config(**settings) -> TranslatorConfig:
    return TranslatorConfig(**{**SMALL, **settings})
