"""WikiANN, English: names of persons, organisations and places in Wikipedia."""

import tarfile
from pathlib import Path

import tensorflow_datasets as tfds

from rnnzoo.data.column_files import read_columns
from rnnzoo.data.raw_files import raw_folder

_SPLITS = {"train": "train", "validation": "dev", "test": "test"}


class WikiannEn(tfds.core.GeneratorBasedBuilder):
    """Sentences with tagged names (IOB2).

    Features: `tokens` and `tags`, equally many texts. The splits are those of Rahimi et
    al. 2019, "Massively multilingual transfer for NER".
    """

    # Without a checksum, since the archive of all languages was not available.
    URL = "https://s3.amazonaws.com/datasets.huggingface.co/wikiann/1.1.0/panx_dataset.zip"
    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        words = tfds.features.Sequence(tfds.features.Text())
        return self.dataset_info_from_configs(
            description="20,000, 10,000 and 10,000 sentences and titles of the "
            "English Wikipedia; its links mark names: PER, ORG, LOC (Pan et al. 2017).",
            features=tfds.features.FeaturesDict({"tokens": words, "tags": words}),
            homepage="https://github.com/afshinrahimi/mmner",
        )

    def _split_generators(self, dl_manager):
        folder = raw_folder("wikiann_en")
        if folder is None:
            languages = dl_manager.download_and_extract(self.URL)
            (archive,) = Path(languages).rglob("en.tar.gz")
            folder = archive.parent / "en"
            with tarfile.open(archive) as file:
                file.extractall(folder, filter="data")
        return {
            split: self._generate_examples(folder / name)
            for split, name in _SPLITS.items()
        }

    def _generate_examples(self, path):
        for number, (tokens, tags) in enumerate(read_columns(path)):
            # Every word has the prefix "en:".
            words = [token.partition(":")[2] for token in tokens]
            yield number, {"tokens": words, "tags": tags}
