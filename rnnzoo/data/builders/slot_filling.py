"""ATIS and SNIPS: requests with the slots in them, and what is asked for."""

from pathlib import Path

import tensorflow_datasets as tfds

from rnnzoo.data.column_files import check_sentence
from rnnzoo.data.raw_files import raw_folder

_SPLITS = {"train": "train", "validation": "valid", "test": "test"}
_FILES = ("seq.in", "seq.out", "label")


class SlotFilling(tfds.core.GeneratorBasedBuilder, skip_registration=True):
    """Sentences with a slot for each word (IOB2) and one intent.

    Features: `tokens` and `tags`, texts of one length; `intent`, a text. As they were
    split by Goo et al. 2018, "Slot-gated modeling for joint slot filling and intent
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
        local = raw_folder(f"slu/{self.folder}")
        paths = {
            split: {
                name: local / folder / name
                if local
                else f"{self.URL}/{self.folder}/{folder}/{name}"
                for name in _FILES
            }
            for split, folder in _SPLITS.items()
        }
        if local is None:
            paths = dl_manager.download(paths)
        return {split: self._generate_examples(files) for split, files in paths.items()}

    def _generate_examples(self, files):
        columns = [
            Path(files[name]).read_text(encoding="utf-8").rstrip("\n").split("\n")
            for name in _FILES
        ]
        if len(set(map(len, columns))) > 1:
            counts = dict(zip(_FILES, map(len, columns), strict=True))
            raise ValueError(
                f"{Path(files['seq.in']).parent}: the files must have as many lines, "
                f"got {counts}. Get them anew from {self.info.homepage}."
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
    """SNIPS voice commands: 13,084, 700 and 700."""

    folder = "snips"
    about = (
        "Commands to a personal assistant (Coucke et al. 2018, arXiv 1805.10190), with "
        "72 tags of slots and seven intents."
    )
