"""Multi30k, of small files and the real ones."""

import gzip

import pytest
import tensorflow_datasets as tfds

from rnnzoo.data.builders import Multi30k

CAPTIONS = {"en": "A dog.\nA cat. \n", "de": "Ein Hund.\nEine Katze.\n", "fr": "a\nb\n"}


@pytest.fixture
def files(raw):
    folder = raw / "multi30k"
    folder.mkdir()
    for split in ("train", "val", "test_2016_flickr"):
        for language, text in CAPTIONS.items():
            path = folder / f"{split}.{language}.gz"
            path.write_bytes(gzip.compress(text.encode()))
    return folder


def test_captions(files, prepared):
    rows = list(tfds.as_numpy(prepared(Multi30k).as_dataset("test")))
    assert sorted((row["en"], row["de"]) for row in rows) == [
        (b"A cat.", b"Eine Katze."),
        (b"A dog.", b"Ein Hund."),
    ]


def test_files_of_unequal_length(files, prepared):
    (files / "val.fr.gz").write_bytes(gzip.compress(b"a\n"))
    with pytest.raises(ValueError, match=r"val\.fr\.gz.* 1 .*line 2 "):
        prepared(Multi30k)


def test_every_file_has_a_checksum(tmp_path):
    """tensorflow-datasets compares what it downloads with these."""
    urls = Multi30k(data_dir=tmp_path).url_infos
    assert sum("multi30k" in url for url in urls) == 9


@pytest.mark.real_data
def test_real_data(real):
    splits = real("multi30k").info.splits
    sizes = {name: split.num_examples for name, split in splits.items()}
    assert sizes == {"train": 29_000, "validation": 1014, "test": 1000}
