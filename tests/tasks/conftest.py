"""Fixtures of the tests of tasks."""

import pytest
from harness.models import small, varied


@pytest.fixture
def make(translations):
    """Makes a small translator with large weights, adapted to `translations`."""

    def made(recipe="translation_gru_attention", **settings):
        return varied(small(recipe, translations, **settings))

    return made
