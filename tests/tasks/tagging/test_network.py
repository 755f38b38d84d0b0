"""The network of the tagger."""

import pytest
from harness.models import small

from rnnzoo.layers import CRF, CharacterFeatures


@pytest.mark.parametrize(
    ("recipe", "crf", "spelling"),
    [
        ("tagging_bilstm", False, False),
        ("tagging_bilstm_crf", True, False),
        ("tagging_char_bilstm", False, True),
        ("tagging_char_bilstm_crf", True, True),
    ],
)
def test_network_has_the_layers_of_the_recipe(recipe, crf, spelling, sentences):
    layers = small(recipe, sentences).network.layers
    assert any(isinstance(layer, CRF) for layer in layers) == crf
    assert any(isinstance(layer, CharacterFeatures) for layer in layers) == spelling


def test_network_outputs_scores_of_tags_and_intents(sentences):
    assert list(small("tagging_gru", sentences).network.output_shape) == [None, None, 5]
    both = small("tagging_gru", sentences, intent=True).network.output
    assert {name: tuple(output.shape) for name, output in both.items()} == {
        "tags": (None, None, 5),
        "intent": (None, 2),
    }
