"""Multi30k: captions of photographs in English, German and French."""

import gzip
from pathlib import Path

import tensorflow_datasets as tfds

from rnnzoo.data.parallel_lines import side_by_side
from rnnzoo.data.raw_files import raw_files

_SPLITS = {"train": "train", "validation": "val", "test": "test_2016_flickr"}
_LANGUAGES = ("en", "de", "fr")


class Multi30k(tfds.core.GeneratorBasedBuilder):
    """Captions in three languages.

    Features: `en`, `de` and `fr`, texts.
    """

    URL = "https://raw.githubusercontent.com/multi30k/dataset/master/data/task1/raw"
    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        return self.dataset_info_from_configs(
            description="29,000, 1,014 and 1,000 captions of Flickr30k with their "
            "translations (Elliott et al. 2016, arXiv 1605.00459; French: Elliott et "
            "al. 2017, arXiv 1710.07177). The test is test_2016_flickr.",
            features=tfds.features.Translation(_LANGUAGES),
            supervised_keys=("en", "de"),
            homepage="https://github.com/multi30k/dataset",
        )

    def _split_generators(self, dl_manager):
        files = {
            split: {language: f"{stem}.{language}.gz" for language in _LANGUAGES}
            for split, stem in _SPLITS.items()
        }
        paths = raw_files("multi30k", self.URL, files, dl_manager)
        return {split: self._generate_examples(paths[split]) for split in paths}

    def _generate_examples(self, files):
        paths = list(files.values())
        texts = [gzip.decompress(Path(path).read_bytes()).decode() for path in paths]
        lines = [text.rstrip("\n").split("\n") for text in texts]
        for number, row in enumerate(side_by_side(paths, lines)):
            captions = (caption.strip() for caption in row)
            yield number, dict(zip(files, captions, strict=True))
