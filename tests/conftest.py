"""What all tests share."""

import functools
import os

# Before TensorFlow is imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import pytest
import tensorflow as tf
from hypothesis import settings

from rnnzoo.layers import Recurrent
from rnnzoo.tasks.tagging.sentences import Sentence, sentence_dataset

pytest_plugins = ["harness.raw_data"]

# TensorFlow's first call takes long, and how long is no test's concern.
settings.register_profile("rnnzoo", deadline=None)
settings.load_profile("rnnzoo")


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(1)


@pytest.fixture(autouse=True)
def plain_layers(request, monkeypatch):
    """Outside the tests of layers, no layer compiles itself: it takes longer."""
    if "layers" not in request.path.parts:
        loop = property(lambda layer: layer._loop)
        monkeypatch.setattr(Recurrent, "_compiled_loop", loop)


@pytest.fixture(scope="session")
def reviews() -> tf.data.Dataset:
    """Nine tiny reviews, 1 for good and 0 for bad."""
    texts = ["a good film", "bad", "a bad, bad film !"] * 3
    return tf.data.Dataset.from_tensor_slices((texts, [1, 0, 0] * 3))


@pytest.fixture(scope="session")
def sentences() -> tf.data.Dataset:
    """Nine tiny sentences, tagged, and each with an intent."""
    rows = [
        Sentence(["Bonn", "lies", "there"], ["PROPN", "VERB", "ADV"], "news"),
        Sentence(["Go", "home"], ["VERB", "NOUN"], "order"),
        Sentence(["It"], ["PRON"], "news"),
    ]
    return sentence_dataset(rows * 3)


@pytest.fixture(scope="session")
def translations() -> tf.data.Dataset:
    """Nine tiny texts with their translations."""
    texts = ["Ein Hund läuft.", "Eine Frau", "Zwei Männer gehen."]
    translated = ["A dog runs.", "A woman", "Two men walk."]
    return tf.data.Dataset.from_tensor_slices((texts * 3, translated * 3))


@pytest.fixture(scope="session")
def exported(tmp_path_factory):
    """Makes a small model of a recipe and exports it, once: change neither of them.

    Returns a function from the recipe to the model and the folder of its versions.
    """
    from harness.exports import example_data
    from harness.models import small

    @functools.cache
    def make(recipe):
        keras.utils.set_random_seed(1)
        model = small(recipe, example_data(recipe))
        folder = tmp_path_factory.mktemp("exported") / recipe
        model.export_saved_model(folder)
        return model, folder

    return make


@pytest.fixture
def real():
    """The builder of a real data set, prepared, or a skip."""
    # Here, since most tests need none of it.
    import tensorflow_datasets as tfds

    def builder(name):
        found = tfds.builder(name)
        if not found.is_prepared():
            pytest.skip(f"{name} is not prepared here")
        return found

    return builder
