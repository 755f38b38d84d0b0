"""Network of the translator: an encoder and a decoder."""

from typing import NamedTuple

import keras
import tensorflow as tf

from rnnzoo.decoding import NEVER, Step, StepOutput
from rnnzoo.layers import (
    BahdanauAttention,
    ConditionalDecoder,
    Decoder,
    Dropout,
    Embedding,
    LuongAttention,
    recurrent_layer,
)
from rnnzoo.layers.decoder import States
from rnnzoo.tasks.translation.config import TranslatorConfig


class SourceMemory(NamedTuple):
    """Encoder outputs and first decoder states: a `Memory` of `rnnzoo.tasks.writer`.

    Attributes:
        states: For each layer of the decoder the list of its first states; one list of
            a conditional decoder, whose layers share their states.
        source: `(batch, source, features)`; without attention the context vector,
            `(batch, features)`.
        mask: Bool `(batch, source)`, which steps of the source are no padding.
        keys: Keys that the decoder's `make_keys` returned, one tensor or several.
    """

    states: States
    source: tf.Tensor
    mask: tf.Tensor
    keys: tf.Tensor | tuple[tf.Tensor, ...]

    def repeated(self, times: int) -> "SourceMemory":
        """Returns each row so many times, for hypotheses of the same source."""
        return tf.nest.map_structure(lambda each: tf.repeat(each, times, axis=0), self)


class TranslationNetwork(keras.Model):
    """The network of a `Translator`.

    `read` is the encoder; `write` the decoder over a whole translation, in training;
    `step` the same decoder over one token.

    Args:
        config: Settings of the translator.
        source_size: Number of ids of the source.
        target_size: Number of ids of the target.
        share_embeddings: Whether a token has one vector on both sides.
        unwritten: Ids that are never written.
        dtype: Dtype or dtype policy. The logits are in the precision of its variables.

    Input: a dictionary of `source` and `target`, int32 `(batch, time)`. Output: logits
    `(batch, time, target_size)` of the token after each token of the target.
    """

    def __init__(
        self,
        config: TranslatorConfig,
        source_size: int,
        target_size: int,
        *,
        share_embeddings: bool,
        unwritten: list[int],
        dtype,
    ):
        super().__init__(name="network", dtype=dtype)
        self.config = config
        self.full = keras.dtype_policies.get(dtype).variable_dtype
        written = [id not in unwritten for id in range(target_size)]
        self._never = tf.cast(tf.where(written, 0.0, NEVER), self.full)
        self.seed_generator = keras.random.SeedGenerator()
        if config.scheduled_sampling:
            self.steps_trained = self.add_weight(
                (), "zeros", dtype="int64", trainable=False, name="steps_trained"
            )
        size = config.embedding_dim

        # === Layers: both sides ===
        self.target_embedding = _embedding(target_size, size, dtype)
        self.source_embedding = (
            self.target_embedding
            if share_embeddings
            else _embedding(source_size, size, dtype)
        )
        self.embedding_dropout = Dropout(config.embedding_dropout, dtype=dtype)
        self.dropout = Dropout(config.dropout, dtype=dtype)

        # === Layers: encoder ===
        self.encoder = config.encoder(dtype, return_state=True)

        # === Layers: decoder, whose first states follow from what the encoder read ===
        read = self.encoder.output_size
        self.decoder, sizes = _decoder(config, size, read, dtype)
        self.bridges = [
            [keras.layers.Dense(units, "tanh", dtype=dtype) for units in of_layer]
            for of_layer in sizes
        ]

        # === Layers: scores, in full precision ===
        self.readout = keras.layers.Dense(size, "tanh", dtype=dtype)
        if config.tie_embeddings:
            self.score_bias = self.add_weight(
                (target_size,),
                "zeros",
                dtype=self.full,
                autocast=False,
                name="score_bias",
            )
        else:
            self.scores = keras.layers.Dense(target_size, dtype=self.full)

        # === Functional Model: creates the weights ===
        self(self.input)

    @property
    def input(self) -> dict[str, keras.KerasTensor]:
        """Symbolic inputs, as those of a functional model."""
        return {
            side: keras.Input((None,), dtype="int32", name=side)
            for side in ("source", "target")
        }

    def call(self, inputs, training=False):
        memory, target = self.read(inputs["source"], training), inputs["target"]
        if training and self.config.scheduled_sampling:
            target = self._partly_own(target, memory)
        logits, _ = self.write(target, memory, training)
        return logits

    def read(self, source: tf.Tensor, training: bool = False) -> SourceMemory:
        """Encodes sources, int32 `(batch, source)`."""
        mask = source != 0
        x = self._embedded(source, self.source_embedding, training)
        x, states = self.encoder(x, mask=mask, training=training)
        # The output after the last step; of a second direction, that after the first.
        last, directions = states[-1], 1 + self.encoder.bidirectional
        summary = tf.concat(last[:: len(last) // directions], axis=-1)
        start = [[bridge(summary) for bridge in each] for each in self.bridges]
        if self.decoder.attention is None:
            x = summary
        else:
            x = self.dropout(x, training=training)
        return SourceMemory(start, x, mask, self.decoder.make_keys(x))

    def write(
        self, target: tf.Tensor, memory: SourceMemory, training: bool = False
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Runs the decoder over all steps.

        Args:
            target: int32 `(batch, time)`, the begin token first.
            memory: Result of `read`.
            training: Whether to apply dropout.

        Returns:
            Logits `(batch, time, target_size)`, and the attention's weights, `(batch,
            time, source)`, without attention `(batch, time, 0)`.
        """
        x = self._embedded(target, self.target_embedding, training)
        outputs, weights, _ = self.decoder(
            x,
            memory.states,
            memory.source,
            source_mask=memory.mask,
            keys=memory.keys,
            training=training,
        )
        x = self.readout(tf.concat([outputs, x], axis=-1))
        x = self.dropout(x, training=training)
        # As rows, so that the gradient of the table is one product, and not one a text.
        logits = self._logits(tf.reshape(x, [-1, x.shape[-1]]))
        shape = tf.concat([tf.shape(x)[:-1], logits.shape[-1:]], axis=0)
        return tf.reshape(logits, shape), weights

    def step(self, memory: SourceMemory) -> Step:
        """Returns the function of one decoder step, for `rnnzoo.decoding`."""

        def step(token, states):
            x = self._embedded(token, self.target_embedding)
            outputs, weights, states = self.decoder.step(
                x, states, memory.source, source_mask=memory.mask, keys=memory.keys
            )
            x = self.readout(tf.concat([outputs, x], axis=-1))
            return StepOutput(self._logits(x) + self._never, states, weights)

        return step

    def _embedded(self, ids, embedding, training=False):
        x = embedding(ids, training=training) * embedding.output_dim**0.5
        return self.embedding_dropout(x, training=training)

    def _logits(self, rows):
        if not self.config.tie_embeddings:
            return self.scores(rows)
        table = tf.convert_to_tensor(self.target_embedding.embeddings)
        rows = tf.cast(rows, self.full)
        return tf.matmul(rows, table, transpose_b=True) + self.score_bias

    def _partly_own(self, target, memory):
        """Replaces a share of the target tokens by predictions of a first pass.

        Scheduled sampling in two passes (Mihaylova & Martins 2019, arXiv 1906.07651).
        """
        self.steps_trained.assign_add(1)
        trained = tf.cast(tf.convert_to_tensor(self.steps_trained), tf.float32)
        share = self.config.scheduled_sampling * tf.minimum(
            trained / self.config.sampling_steps, 1.0
        )
        logits, _ = self.write(target, memory, training=True)
        own = tf.argmax(logits + self._never, axis=-1, output_type=tf.int32)[:, :-1]
        own = tf.concat([target[:, :1], own], axis=1)
        chance = keras.random.uniform(tf.shape(own), seed=self.seed_generator)
        is_own = (chance < share) & (target != 0)
        return tf.where(is_own, own, target)


def _embedding(size, dim, dtype):
    """Returns an embedding with vectors of length one, as a tied softmax needs them.

    `_embedded` multiplies them by `dim**0.5` (Vaswani et al. 2017, section 3.4). With
    Keras' shorter vectors the most frequent word wins for the first thousand steps.
    """
    small = keras.initializers.RandomNormal(stddev=dim**-0.5)
    return Embedding(size, dim, embeddings_initializer=small, dtype=dtype)


def _decoder(config, size, read, dtype):
    """Returns the decoder and the sizes of its states.

    Args:
        config: A `TranslatorConfig`.
        size: Number of features of what was written.
        read: Number of features of the source.
        dtype: Dtype or dtype policy.
    """
    make = recurrent_layer(config.cell)
    # A conditional decoder makes its second cell like the first.
    count = 1 if config.conditional else config.decoder_layers
    layers = [
        make(config.units, return_sequences=True, return_state=True, dtype=dtype)
        for _ in range(count)
    ]
    attention = _attention(config, dtype)
    if config.conditional:
        decoder = ConditionalDecoder(layers[0].cell, attention, dtype=dtype)
        decoder.build((None, None, size), None, (None, None, read))
    else:
        decoder = Decoder(layers, attention, config.dropout, dtype=dtype)
    return decoder, [keras.tree.flatten(each.cell.state_size) for each in layers]


def _attention(config, dtype):
    if config.attention is None:
        return None
    if config.attention == "bahdanau":
        return BahdanauAttention(config.units, dtype=dtype)
    return LuongAttention(config.attention, dtype=dtype)
