"""Tatoeba, of a small file and the real one."""

import zipfile

import pytest
import tensorflow_datasets as tfds

from rnnzoo.data.builders import TatoebaEnFr

# A thousand English sentences, each with two translations.
LINES = [
    f"Sentence {i}.\tPhrase {i}, {n}.\tthe authors\n"
    for i in range(1000)
    for n in range(2)
]


@pytest.fixture
def make(raw, prepared):
    """Prepares an archive of such lines."""
    return lambda lines: prepared_from(lines, raw, prepared)


def prepared_from(lines, raw, prepared):
    (raw / "tatoeba_fra_eng").mkdir()
    with zipfile.ZipFile(raw / "tatoeba_fra_eng" / "fra-eng.zip", "w") as file:
        file.writestr("fra-eng/fra.txt", "".join(lines))
        file.writestr("__MACOSX/fra-eng/._fra.txt", "nothing")
    return prepared(TatoebaEnFr)


@pytest.fixture
def made(make):
    return make(LINES)


def pairs(builder):
    return {
        split: [(r["en"], r["fr"]) for r in tfds.as_numpy(builder.as_dataset(split))]
        for split in ("train", "validation", "test")
    }


def test_no_sentence_is_in_two_splits(made):
    found = pairs(made)
    assert sum(map(len, found.values())) == 2000
    assert_apart(found)


def test_no_translation_is_in_two_splits_either(make):
    """One sentence, by its hash of the test, has translations of many others."""
    common = {f"Phrase {i}, 1." for i in range(100)}
    found = pairs(make([*LINES, *(f"Held out 6.\t{french}\n" for french in common)]))
    assert_apart(found)
    kept = {french.decode() for english, french in found["test"] if b"out" in english}
    assert kept == common
    assert 1700 < len(found["train"]) < 1900  # the others' pairs stay


def assert_apart(found):
    """No sentence of either language is in two splits."""
    for language in (0, 1):
        texts = [{pair[language] for pair in split} for split in found.values()]
        assert sum(map(len, texts)) == len(set.union(*texts))


def test_about_five_in_a_hundred_are_the_test(made):
    found = pairs(made)
    assert 60 <= len(found["test"]) <= 150
    assert 5 <= len(found["validation"]) <= 45


def test_a_line_without_a_translation(make):
    message = r"fra-eng\.zip.*fra\.txt.*line 2001.*'Nothing else\.'"
    with pytest.raises(ValueError, match=message):
        make([*LINES, "Nothing else.\n"])


def test_an_archive_without_the_sentences(raw, prepared):
    (raw / "tatoeba_fra_eng").mkdir()
    with zipfile.ZipFile(raw / "tatoeba_fra_eng" / "fra-eng.zip", "w") as file:
        file.writestr("readme.txt", "")
    with pytest.raises(ValueError, match=r"fra\.txt.*\['readme\.txt'\]"):
        prepared(TatoebaEnFr)


def test_other_columns_are_left_out(made):
    assert all(french.endswith(b".") for _, french in pairs(made)["train"])


@pytest.mark.real_data
def test_real_data(real):
    splits = real("tatoeba_en_fr").info.splits
    sizes = {name: split.num_examples for name, split in splits.items()}
    assert sum(sizes.values()) == 165_978
    assert 0.04 < sizes["test"] / 165_978 < 0.06
