"""What the tests of data sets share."""

import pytest
import tensorflow_datasets as tfds


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Makes a data set of the given features and splits, and returns its name."""

    def make(features, **splits):
        class Made(tfds.core.GeneratorBasedBuilder, skip_registration=True):
            VERSION = tfds.core.Version("1.2.3")

            def _info(self):
                return self.dataset_info_from_configs(
                    features=tfds.features.FeaturesDict(features)
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
