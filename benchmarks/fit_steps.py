"""The competitors of `fit.py`: the whole training step of `sentiment_lstm`."""

import sys
from importlib.metadata import version

import numpy as np
from side_by_side import Step, serve

WORDS = 20_000


def batches(case: dict) -> tuple[np.ndarray, np.ndarray]:
    """Ids `(steps, batch, time)`, as frequent as words are, and labels."""
    rng = np.random.default_rng(0)
    shape = case["steps"], case["batch"], case["time"]
    # Zipf's law: the n-th word is n times as rare as the first.
    ids = 2 + rng.zipf(1.1, size=shape) % (WORDS - 2)
    return ids.astype("int32"), rng.integers(0, 2, size=shape[:2], dtype="int32")


def rnnzoo(case: dict, cell="lstm", jit_compile: bool = True) -> Step:
    """The recipe."""
    import keras
    import tensorflow as tf

    from rnnzoo.recipes import sentiment_lstm

    keras.utils.set_random_seed(0)
    vocabulary = [f"w{i}" for i in range(WORDS - 2)]
    learned = {"vocabulary": vocabulary, "class_names": ["negative", "positive"]}
    model = sentiment_lstm(cell=cell, vocabulary_size=WORDS, learned=learned)
    model.jit_compile = jit_compile
    ids, labels = batches(case)
    weights = np.ones(labels.shape, "float32")
    data = tf.data.Dataset.from_tensor_slices((ids, labels, weights))
    return lambda: model.fit(data, epochs=1, verbose=0)


def keras(case: dict, jit_compile: bool = True) -> Step:
    """The recipe with the layer of Keras in place of ours."""
    import keras as library

    return rnnzoo(case, library.layers.LSTM, jit_compile)


def keras_plain(case: dict) -> Step:
    """The same, as Keras trains by default: without XLA."""
    return keras(case, jit_compile=False)


def torch(case: dict) -> Step:
    """The same model, written in PyTorch."""
    from torch_sentiment import SentimentLSTM, train_step

    model = SentimentLSTM(WORDS)
    ids, labels = batches(case)
    step = train_step(model)

    def fit():
        for batch in zip(ids, labels, strict=True):
            step(*batch)

    return fit


COMPETITORS = {f.__name__: f for f in (rnnzoo, keras, keras_plain, torch)}

if __name__ == "__main__":
    name = sys.argv[1]
    small = {"steps": 1, "batch": 2, "time": 3}
    serve(COMPETITORS[name], small, version(name.removesuffix("_plain")))
