"""`RecurrentEncoder`: a stack of recurrent layers."""

import keras

from rnnzoo.checks import check_flags, check_positive
from rnnzoo.layers.bidirectional import Bidirectional
from rnnzoo.layers.cells import RECURRENT_LAYERS
from rnnzoo.layers.dropout import Dropout
from rnnzoo.names import look_up


@keras.saving.register_keras_serializable("rnnzoo")
class RecurrentEncoder(keras.layers.Layer):
    """Stack of recurrent layers over a sequence.

        h_0 = x
        h_i = layer_i(dropout(h_{i-1}))                 for i = 1, ..., num_layers
        h_i = layer_i(dropout(h_{i-1})) + h_{i-1}       with `residual`, for i > 1

    Nothing is dropped below the first layer. (Deep networks: Graves et al. 2013, arXiv
    1303.5778; residual connections: Wu et al. 2016, arXiv 1609.08144, section 3.1.)

    Args:
        cell: Name in `RECURRENT_LAYERS`, or a class of recurrent layers.
        units: Size of the recurrent state, per direction.
        num_layers: Number of recurrent layers.
        bidirectional: Whether every layer also reads the sequence from its end.
        dropout: Fraction of the features dropped between the layers in training.
        residual: Whether every layer above the first adds its input to its output.
        return_state: Whether to return the last states as well.
        **kwargs: `name`, `dtype`, `trainable` of `keras.layers.Layer`.

    Input: tensor `(batch, time, features)`. Output: tensor `(batch, time, units)`, or
    `(batch, time, 2 * units)` with `bidirectional`. With `return_state`, a pair of that
    and the states: for each layer a list of tensors `(batch, units)`, the forward
    direction first.

    Raises:
        ValueError: If the cell is unknown, a size is not a positive integer, or the
            rate is not in [0, 1).

    >>> import tensorflow as tf
    >>> encoder = RecurrentEncoder("gru", 8, num_layers=2, bidirectional=True)
    >>> encoder(tf.ones((4, 5, 3))).shape
    TensorShape([4, 5, 16])
    """

    def __init__(
        self,
        cell: str | type[keras.layers.RNN],
        units: int,
        *,
        num_layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
        residual: bool = False,
        return_state: bool = False,
        **kwargs,
    ):
        make = recurrent_layer(cell)
        check_positive(units=units, num_layers=num_layers)
        check_flags(bidirectional=bidirectional, residual=residual)
        check_flags(return_state=return_state)
        super().__init__(**kwargs)
        self.cell = cell
        self.units = units
        self.num_layers = num_layers
        self.bidirectional = bidirectional
        self.residual = residual
        self.return_state = return_state
        dtype = self.dtype_policy
        self.dropout = Dropout(dropout, dtype=dtype)
        self.layers = []
        for _ in range(num_layers):
            layer = make(units, return_sequences=True, return_state=True, dtype=dtype)
            if bidirectional:
                layer = Bidirectional(layer, dtype=dtype)
            self.layers.append(layer)
        self.supports_masking = True

    @property
    def output_size(self) -> int:
        """Number of features of the output."""
        layer = self.layers[-1]
        if self.bidirectional:
            return 2 * layer.forward_layer.cell.output_size
        return layer.cell.output_size

    def build(self, input_shape):
        features = input_shape[-1]
        for layer in self.layers:
            layer.build((*input_shape[:-1], features))
            features = self.output_size

    def call(self, sequences, mask=None, training=False):
        x, states = sequences, []
        for number, layer in enumerate(self.layers):
            below = x
            if number:
                x = self.dropout(x, training=training)
            x, *last = layer(x, mask=mask, training=training)
            if number and self.residual:
                x += below
            states.append(last)
        return (x, states) if self.return_state else x

    def compute_mask(self, inputs, previous_mask):
        return previous_mask

    def get_config(self):
        cell = self.cell
        return {
            **super().get_config(),
            "cell": cell if isinstance(cell, str) else cell_name(cell),
            "units": self.units,
            "num_layers": self.num_layers,
            "bidirectional": self.bidirectional,
            "dropout": self.dropout.rate,
            "residual": self.residual,
            "return_state": self.return_state,
        }


def recurrent_layer(cell: str | type[keras.layers.RNN]) -> type[keras.layers.RNN]:
    """Returns a class of recurrent layers.

    Args:
        cell: Name in `RECURRENT_LAYERS`, a class, which is returned as it is, or the
            name of a class in Keras or in its registry, such as "GRU" or "rnnzoo>LSTM".

    Raises:
        ValueError: If there is no such class; suggests the nearest name.

    >>> recurrent_layer("lstm").__name__
    'LSTM'
    """
    if isinstance(cell, type) and issubclass(cell, keras.layers.RNN):
        return cell
    if isinstance(cell, str) and cell not in RECURRENT_LAYERS:
        registered = keras.saving.get_registered_object(cell)
        # Keras' own layers are not in its registry.
        registered = registered or getattr(keras.layers, cell, None)
        if isinstance(registered, type) and issubclass(registered, keras.layers.RNN):
            return registered
    return look_up("cell", cell, RECURRENT_LAYERS)


def cell_name(cell: type[keras.layers.RNN]) -> str:
    """Returns the registered name of a class, which `recurrent_layer` accepts."""
    return keras.saving.get_registered_name(cell)


def check_cells(**cells: str | type) -> None:
    """Raises a ValueError for a cell that `recurrent_layer` does not accept."""
    for cell in cells.values():
        recurrent_layer(cell)
