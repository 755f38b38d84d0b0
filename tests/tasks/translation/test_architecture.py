"""What a translator is made of: which settings do not go together."""

import pytest
from harness.architectures import architecture


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"cell": "ltsm"}, r"Unknown cell 'ltsm'. Did you mean 'lstm'"),
        ({"attention": "luong"}, "Unknown attention 'luong'"),
        ({"units": 0}, "`units` must be a positive integer, got 0"),
        ({"sampling_steps": 0}, "`sampling_steps` must be a positive integer"),
        ({"bidirectional": "no"}, "`bidirectional` must be True or False, got 'no'"),
        ({"share_embeddings": "yes"}, "`share_embeddings` must be True or False"),
        ({"tie_embeddings": None}, "`tie_embeddings` must be True or False, got None"),
        ({"dropout": 1}, r"`dropout` must be in \[0, 1\)"),
        ({"attention": "dot"}, r'"dot".* set `bidirectional=False`'),
        ({"conditional": True}, r"`decoder_layers=2`, got 'general' and 1: set these"),
        (
            {"conditional": True, "attention": None, "decoder_layers": 2},
            r"goes with attention .*, got None and 2: set these, or `conditional=F",
        ),
    ],
)
def test_what_does_not_go(settings, message):
    with pytest.raises(ValueError, match=message):
        architecture(**settings)
