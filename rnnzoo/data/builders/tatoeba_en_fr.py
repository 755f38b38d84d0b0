"""Tatoeba, English and French: short everyday sentences."""

import hashlib
import zipfile
from pathlib import Path

import tensorflow_datasets as tfds

from rnnzoo.data.raw_files import raw_folder

# Per mille of the English sentences, by their hash. The others are for training.
_HELD_OUT = {"test": range(50), "validation": range(50, 60)}


class TatoebaEnFr(tfds.core.GeneratorBasedBuilder):
    """Pairs of the Tatoeba project, as prepared for vocabulary cards.

    Features: `en` and `fr`, texts. All translations of an English sentence are in one
    split: 5 % of the sentences in `test`, 1 % in `validation`, chosen by a hash of the
    sentence. Pairs whose French is in one of these are left out of the others, so that
    no sentence of either language is in two splits.
    """

    # Without a checksum, since a new archive appears every few months.
    URL = "https://www.manythings.org/anki/fra-eng.zip"
    VERSION = tfds.core.Version("1.1.0")

    def _info(self):
        return self.dataset_info_from_configs(
            description="English sentences with French translations from tatoeba.org, "
            "CC BY 2.0 (France), selected by manythings.org.",
            features=tfds.features.Translation(("en", "fr")),
            supervised_keys=("en", "fr"),
            homepage="https://www.manythings.org/anki/",
            license="CC BY 2.0 FR",
        )

    def _split_generators(self, dl_manager):
        local = raw_folder("tatoeba_fra_eng")
        archive = local / "fra-eng.zip" if local else dl_manager.download(self.URL)
        rows = {split: {} for split in ("train", *_HELD_OUT)}
        with zipfile.ZipFile(archive) as file:
            names = [n for n in file.namelist() if Path(n).name == "fra.txt"]
            if len(names) != 1:
                raise ValueError(
                    f"{archive} must hold one file fra.txt, got {file.namelist()}."
                )
            name = names[0]
            lines = file.read(name).decode().rstrip("\n").split("\n")
        for number, line in enumerate(lines):
            # Newer archives have a third column with the authors.
            english, tab, rest = line.partition("\t")
            if not tab:
                raise ValueError(
                    f"{archive}: each line of {name} must be a sentence, a tab and its "
                    f"translation; line {number + 1} is {line!r}."
                )
            french = rest.split("\t")[0]
            rows[split_of(english)][number] = {"en": english, "fr": french}
        taken = set()
        for split in ("test", "validation", "train"):
            rows[split] = {n: r for n, r in rows[split].items() if r["fr"] not in taken}
            taken |= {row["fr"] for row in rows[split].values()}
        return {split: self._generate_examples(rows[split]) for split in rows}

    def _generate_examples(self, rows):
        yield from rows.items()


def split_of(sentence: str) -> str:
    """Returns the split of an English sentence and its translations.

    >>> split_of("Go.")
    'train'
    """
    digest = hashlib.sha256(sentence.encode()).digest()
    place = int.from_bytes(digest[:8], "big") % 1000
    return next((s for s, places in _HELD_OUT.items() if place in places), "train")
