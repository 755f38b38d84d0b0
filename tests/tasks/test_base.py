"""The base class of tasks, where the contract tests do not reach."""

import pytest
from harness.models import small

from rnnzoo.recipes import build_recipe


@pytest.mark.parametrize("recipe", ["sentiment_gru", "tagging_gru", "translation_gru"])
def test_learned_without_one_of_its_parts_names_them(recipe):
    names = {
        "sentiment_gru": "class_names",
        "tagging_gru": "intents",
        "translation_gru": "target_vocabulary",
    }
    task = type(build_recipe(recipe))
    with pytest.raises(ValueError, match=names[recipe]):
        task(learned={"vocabulary": ["a"]})


def test_export_saved_model_before_adapt_says_to_adapt(tmp_path):
    with pytest.raises(ValueError, match="adapt"):
        small("sentiment_gru").export_saved_model(tmp_path)
