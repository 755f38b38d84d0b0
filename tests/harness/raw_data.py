"""What the tests of data sets share."""

import pytest
import tensorflow_datasets as tfds

from rnnzoo.tasks.tagging.data import load_tagged_texts
from rnnzoo.tasks.tagging.sentences import read_sentences

SLOTS = {
    "seq.in": "fly to rome \nlist fares\n",
    "seq.out": "O O B-city \nO O\n",
    "label": "flight \nfare\n",
}


@pytest.fixture
def raw(tmp_path, monkeypatch):
    """The folder with raw files that the environment names."""
    folder = tmp_path / "raw"
    folder.mkdir()
    monkeypatch.setenv("RNNZOO_RAW_DATA", str(folder))
    return folder


@pytest.fixture
def raw_slots(raw):
    """Two requests in each split of ATIS and of SNIPS; gives the folder."""
    for name in ("atis", "snips"):
        for split in ("train", "valid", "test"):
            path = raw / "slu" / name / split
            path.mkdir(parents=True)
            for file, text in SLOTS.items():
                (path / file).write_text(text)
    return raw


@pytest.fixture
def prepared(tmp_path):
    """Prepares the data set of a builder."""

    def prepare(builder):
        made = builder(data_dir=tmp_path)
        made.download_and_prepare()
        return made

    return prepare


@pytest.fixture
def counted(real):
    """How many sentences a prepared data set has in each split, or a skip."""

    def count(name):
        real(name)
        data = load_tagged_texts(name)
        parts = data.train, data.validation, data.test
        return tuple(len(read_sentences(part)) for part in parts)

    return count


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Makes a data set of the given features and splits, and returns its name."""

    def make(features, supervised_keys=None, **splits):
        class Made(tfds.core.GeneratorBasedBuilder, skip_registration=True):
            VERSION = tfds.core.Version("1.2.3")

            def _info(self):
                made = tfds.features.FeaturesDict
                known = made(features) if isinstance(features, dict) else features
                return self.dataset_info_from_configs(
                    features=known, supervised_keys=supervised_keys
                )

            def _split_generators(self, dl_manager):
                return {name: enumerate(rows) for name, rows in splits.items()}

            def _generate_examples(self):
                raise AssertionError("the splits are given")

        builder = Made(data_dir=tmp_path)
        builder.download_and_prepare()
        monkeypatch.setattr(tfds, "builder", lambda name: builder)
        return "made"

    return make
