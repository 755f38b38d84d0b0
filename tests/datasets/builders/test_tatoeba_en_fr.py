"""Tatoeba, of a small file and the real one."""

import zipfile

import pytest
import tensorflow_datasets as tfds

from rnnzoo.datasets.builders import TatoebaEnFr


@pytest.fixture
def made(raw, prepared):
    """A thousand English sentences, each with two translations."""
    (raw / "tatoeba_fra_eng").mkdir()
    lines = [
        f"Sentence {i}.\tPhrase {i}, {n}.\tthe authors\n"
        for i in range(1000)
        for n in range(2)
    ]
    with zipfile.ZipFile(raw / "tatoeba_fra_eng" / "fra-eng.zip", "w") as file:
        file.writestr("fra-eng/fra.txt", "".join(lines))
        file.writestr("__MACOSX/fra-eng/._fra.txt", "nothing")
    return prepared(TatoebaEnFr)


def pairs(builder):
    return {
        split: [(r["en"], r["fr"]) for r in tfds.as_numpy(builder.as_dataset(split))]
        for split in ("train", "validation", "test")
    }


def test_no_sentence_is_in_two_splits(made):
    found = pairs(made)
    assert sum(map(len, found.values())) == 2000
    sources = [{english for english, _ in split} for split in found.values()]
    assert sum(map(len, sources)) == len(set.union(*sources)) == 1000


def test_about_five_in_a_hundred_are_the_test(made):
    found = pairs(made)
    assert 60 <= len(found["test"]) <= 150
    assert 5 <= len(found["validation"]) <= 45


def test_other_columns_are_left_out(made):
    assert all(french.endswith(b".") for _, french in pairs(made)["train"])


@pytest.mark.real_data
def test_real_data(real):
    splits = real("tatoeba_en_fr").info.splits
    sizes = {name: split.num_examples for name, split in splits.items()}
    assert sum(sizes.values()) == 167_130
    assert 0.04 < sizes["test"] / 167_130 < 0.06
