"""From the ids of a text to a score for each next token of its translation."""

from typing import NamedTuple

import keras
import tensorflow as tf

from rnnzoo.decoding import NEVER, Step, StepOutput
from rnnzoo.layers import (
    RECURRENT_LAYERS,
    BahdanauAttention,
    ConditionalDecoder,
    Decoder,
    Dropout,
    Embedding,
    LuongAttention,
)
from rnnzoo.layers.decoder import States
from rnnzoo.tasks.translation.architecture import TranslationArchitecture


class Memory(NamedTuple):
    """What was read of the source.

    Attributes:
        states: for each layer of the decoder the list of its states to begin with; of
            a conditional one, whose layers share theirs, one list.
        source: `(batch, source, features)`; without attention the context vector,
            `(batch, features)`.
        mask: bool `(batch, source)`, which steps of the source are no padding.
        keys: what the decoder's `make_keys` makes of it, one tensor or several.
    """

    states: States
    source: tf.Tensor
    mask: tf.Tensor
    keys: tf.Tensor | tuple[tf.Tensor, ...]

    def repeated(self, times: int) -> "Memory":
        """Each row so many times, for hypotheses that read the same source."""
        return tf.nest.map_structure(lambda each: tf.repeat(each, times, axis=0), self)


class TranslationNetwork(keras.Model):
    """The network of a `Translator`.

    `read` is the encoder; `write` the decoder over a whole translation, in training;
    `step` gives the same a token at a time.

    Args:
        source_size: number of ids of the source.
        target_size: number of ids of the target.
        architecture: what it is made of.
        unwritten: ids that no translation has.
        dtype: name of a dtype or of a policy, or a policy.

    Input: a dictionary of `source` and `target`, int32 `(batch, time)`. Output: logits
    `(batch, time, target_size)` of what follows each token of the target.
    """

    def __init__(
        self,
        source_size: int,
        target_size: int,
        architecture: TranslationArchitecture,
        *,
        unwritten: list[int],
        dtype,
    ):
        super().__init__(name="network", dtype=dtype)
        self.architecture = architecture
        self.full = keras.dtype_policies.get(dtype).variable_dtype
        written = [id not in unwritten for id in range(target_size)]
        self._never = tf.cast(tf.where(written, 0.0, NEVER), self.full)
        self.seed_generator = keras.random.SeedGenerator()
        if architecture.scheduled_sampling:
            self.steps_trained = self.add_weight(
                (), "zeros", dtype="int64", trainable=False, name="steps_trained"
            )

        # === What both sides share ===
        size = architecture.embedding_dim
        self.target_embedding = _embedding(target_size, size, dtype)
        self.source_embedding = (
            self.target_embedding
            if architecture.share_embeddings
            else _embedding(source_size, size, dtype)
        )
        self.embedding_dropout = Dropout(architecture.embedding_dropout, dtype=dtype)
        self.dropout = Dropout(architecture.dropout, dtype=dtype)

        # === Encoder ===
        layers = _recurrent(architecture, architecture.num_layers, dtype)
        read = layers[-1].cell.output_size
        if architecture.bidirectional:
            layers = [keras.layers.Bidirectional(each, dtype=dtype) for each in layers]
            read *= 2
        self.encoder = layers

        # === Decoder; what its states begin with follows from what the encoder read ===
        self.decoder, sizes = _decoder(architecture, size, read, dtype)
        self.bridges = [
            [keras.layers.Dense(units, "tanh", dtype=dtype) for units in of_layer]
            for of_layer in sizes
        ]

        # === Scores, in full precision where the layers below are in half ===
        self.readout = keras.layers.Dense(size, "tanh", dtype=dtype)
        if architecture.tie_embeddings:
            self.score_bias = self.add_weight(
                *((target_size,), "zeros"),
                dtype=self.full,
                autocast=False,
                name="score_bias",
            )
        else:
            self.scores = keras.layers.Dense(target_size, dtype=self.full)

    def call(self, inputs, training=False):
        memory, target = self.read(inputs["source"], training), inputs["target"]
        if training and self.architecture.scheduled_sampling:
            target = self._partly_own(target, memory)
        logits, _ = self.write(target, memory, training)
        return logits

    def read(self, source: tf.Tensor, training: bool = False) -> Memory:
        """The encoder: int32 `(batch, source)` to what the decoder needs."""
        mask = source != 0
        x = self._embedded(source, self.source_embedding, training)
        for number, layer in enumerate(self.encoder):
            x = self.dropout(x, training=training) if number else x
            x, *states = layer(x, mask=mask, training=training)
        # The output after the last step, of a second direction that after the first.
        directions = 2 if isinstance(layer, keras.layers.Bidirectional) else 1
        summary = tf.concat(states[:: len(states) // directions], axis=-1)
        start = [[bridge(summary) for bridge in each] for each in self.bridges]
        if self.decoder.attention is None:
            x = summary
        else:
            x = self.dropout(x, training=training)
        return Memory(start, x, mask, self.decoder.make_keys(x))

    def write(
        self, target: tf.Tensor, memory: Memory, training: bool = False
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """The decoder over all steps.

        Args:
            target: int32 `(batch, time)`, the begin token first.
            memory: what `read` returned.
            training: whether anything is dropped.

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

    def step(self, memory: Memory) -> Step:
        """The decoder over one step, for `rnnzoo.decoding`, after this source."""

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
        if not self.architecture.tie_embeddings:
            return self.scores(rows)
        table = tf.convert_to_tensor(self.target_embedding.embeddings)
        rows = tf.cast(rows, self.full)
        return tf.matmul(rows, table, transpose_b=True) + self.score_bias

    def _partly_own(self, target, memory):
        """Some of the tokens as the network itself would have written them.

        The first pass says what (Mihaylova & Martins 2019, arXiv 1906.07651).
        """
        self.steps_trained.assign_add(1)
        trained = tf.cast(tf.convert_to_tensor(self.steps_trained), tf.float32)
        share = self.architecture.scheduled_sampling * tf.minimum(
            trained / self.architecture.sampling_steps, 1.0
        )
        logits, _ = self.write(target, memory, training=True)
        own = tf.argmax(logits + self._never, axis=-1, output_type=tf.int32)[:, :-1]
        own = tf.concat([target[:, :1], own], axis=1)
        chance = keras.random.uniform(tf.shape(own), seed=self.seed_generator)
        is_own = (chance < share) & (target != 0)
        return tf.where(is_own, own, target)


def _embedding(size, dim, dtype):
    """Vectors that are of length one in a softmax, and by `dim**0.5` longer elsewhere.

    (Vaswani et al. 2017, section 3.4.) With Keras' short ones a translator says the
    commonest word for its first thousand steps.
    """
    small = keras.initializers.RandomNormal(stddev=dim**-0.5)
    return Embedding(size, dim, embeddings_initializer=small, dtype=dtype)


def _recurrent(architecture, count, dtype):
    make = RECURRENT_LAYERS[architecture.cell]
    how = {"return_sequences": True, "return_state": True, "dtype": dtype}
    return [make(architecture.units, **how) for _ in range(count)]


def _decoder(architecture, size, read, dtype):
    """The decoder of vectors so large, of a source read so; and its states' sizes."""
    # A conditional decoder makes its second cell like the first.
    count = 1 if architecture.conditional else architecture.decoder_layers
    layers = _recurrent(architecture, count, dtype)
    attention = _attention(architecture, dtype)
    # Weights are drawn as layers are built: later, the same seed would draw others.
    source = None, None, read
    if architecture.conditional:
        decoder = ConditionalDecoder(layers[0].cell, attention, dtype=dtype)
        decoder.build((None, None, size), None, source)
    else:
        decoder = Decoder(layers, attention, architecture.dropout, dtype=dtype)
        if attention is not None:
            attention.build((None, None, layers[0].cell.output_size), source)
    return decoder, [keras.tree.flatten(each.cell.state_size) for each in layers]


def _attention(architecture, dtype):
    if architecture.attention is None:
        return None
    if architecture.attention == "bahdanau":
        return BahdanauAttention(architecture.units, dtype=dtype)
    return LuongAttention(architecture.attention, dtype=dtype)
