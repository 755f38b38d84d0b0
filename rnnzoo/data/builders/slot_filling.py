"""ATIS and SNIPS: requests with slots and intents."""

from pathlib import Path

import tensorflow_datasets as tfds

from rnnzoo.data.column_files import check_sentence
from rnnzoo.data.raw_files import raw_files

_SPLITS = {"train": "train", "validation": "valid", "test": "test"}
_FILES = ("seq.in", "seq.out", "label")


class SlotFilling(tfds.core.GeneratorBasedBuilder, skip_registration=True):
    """Sentences with a slot for each word (IOB2) and one intent.

    Features: `tokens` and `tags`, equally many texts; `intent`, a text. The splits are
    those of Goo et al. 2018, "Slot-gated modeling for joint slot filling and intent
    prediction".
    """

    URL = "https://raw.githubusercontent.com/MiuLab/SlotGated-SLU/master/data"
    VERSION = tfds.core.Version("1.0.0")
    folder: str
    about: str

    def _info(self):
        words = tfds.features.Sequence(tfds.features.Text())
        return self.dataset_info_from_configs(
            description=self.about,
            features=tfds.features.FeaturesDict(
                {"tokens": words, "tags": words, "intent": tfds.features.Text()}
            ),
            homepage="https://github.com/MiuLab/SlotGated-SLU",
        )

    def _split_generators(self, dl_manager):
        files = {
            split: {name: f"{folder}/{name}" for name in _FILES}
            for split, folder in _SPLITS.items()
        }
        url = f"{self.URL}/{self.folder}"
        paths = raw_files(f"slu/{self.folder}", url, files, dl_manager)
        return {split: self._generate_examples(paths[split]) for split in paths}

    def _generate_examples(self, files):
        columns = [
            Path(files[name]).read_text(encoding="utf-8").rstrip("\n").split("\n")
            for name in _FILES
        ]
        counts = dict(zip(_FILES, map(len, columns), strict=True))
        if len(set(counts.values())) > 1:
            raise ValueError(
                f"{Path(files['seq.in']).parent}: the files must have equally many "
                f"lines, got {counts}. Download them again from {self.info.homepage}."
            )
        for number, (tokens, tags, intent) in enumerate(zip(*columns, strict=True), 1):
            tokens, tags = tokens.split(), tags.split()
            check_sentence(tokens, tags, f"{files['seq.in']}, line {number}")
            yield number, {"tokens": tokens, "tags": tags, "intent": intent.strip()}


class Atis(SlotFilling):
    """Airline Travel Information System: 4,478, 500 and 893 requests."""

    folder = "atis"
    about = (
        "Spoken requests for flights (Hemphill et al. 1990), written out, with 120 "
        "tags of slots and 21 intents in the training data."
    )


class Snips(SlotFilling):
    """SNIPS voice commands: 13,084, 700 and 700 requests."""

    folder = "snips"
    about = (
        "Commands to a personal assistant (Coucke et al. 2018, arXiv 1805.10190), with "
        "72 tags of slots and seven intents."
    )
