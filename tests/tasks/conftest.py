"""What the tests of models share."""

import pytest
from harness.models import small, varied


@pytest.fixture
def make(translations):
    def made(recipe="translation_gru_attention", **settings):
        return varied(small(recipe, translations, **settings))

    return made
