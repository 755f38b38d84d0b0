"""What a translator's network is made of."""

import dataclasses

from rnnzoo.checks import check_flags, check_positive, check_rates
from rnnzoo.layers import RECURRENT_LAYERS
from rnnzoo.names import look_up

ATTENTIONS = ("bahdanau", "dot", "general")


@dataclasses.dataclass(frozen=True, kw_only=True)
class TranslationArchitecture:
    """What a `TranslationNetwork` is made of, see `Translator`.

    Raises:
        ValueError: if a name is unknown, a size or a rate is out of range, or two
            settings do not go together.
    """

    cell: str
    units: int
    num_layers: int
    decoder_layers: int
    bidirectional: bool
    attention: str | None
    conditional: bool
    embedding_dim: int
    tie_embeddings: bool
    share_embeddings: bool | None
    embedding_dropout: float
    dropout: float
    scheduled_sampling: float
    sampling_steps: int

    def __post_init__(self):
        look_up("cell", self.cell, RECURRENT_LAYERS)
        if self.attention is not None:
            look_up("attention", self.attention, dict.fromkeys(ATTENTIONS))
        check_positive(
            units=self.units,
            num_layers=self.num_layers,
            decoder_layers=self.decoder_layers,
            embedding_dim=self.embedding_dim,
            sampling_steps=self.sampling_steps,
        )
        check_flags(
            bidirectional=self.bidirectional,
            conditional=self.conditional,
            tie_embeddings=self.tie_embeddings,
        )
        if self.share_embeddings is not None:
            check_flags(share_embeddings=self.share_embeddings)
        check_rates(
            embedding_dropout=self.embedding_dropout,
            dropout=self.dropout,
            scheduled_sampling=self.scheduled_sampling,
        )
        if self.attention == "dot" and self.bidirectional:
            raise ValueError(
                '`attention="dot"` takes products of states of one size, and those of '
                "two directions are twice as large: set `bidirectional=False`, or "
                '"general".'
            )
        if self.conditional and (self.attention is None or self.decoder_layers != 2):
            raise ValueError(
                "`conditional=True` goes with attention and `decoder_layers=2`, got "
                f"{self.attention!r} and {self.decoder_layers}: set these, or "
                "`conditional=False`."
            )
