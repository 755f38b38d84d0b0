"""Texts with their translations, by name or from files."""

import numpy as np
import pytest
import tensorflow_datasets as tfds

from rnnzoo.tasks.translation.data import load_translations

TEXT = tfds.features.Text()


def pairs(dataset):
    return [(a.decode(), b.decode()) for a, b in dataset.as_numpy_iterator()]


def rows(count):
    return [{"de": f"Satz {i}", "en": f"text {i}", "id": i} for i in range(count)]


@pytest.fixture
def name(made):
    features = {"de": TEXT, "en": TEXT, "id": tfds.features.Scalar(np.int32)}
    return made(features, train=rows(40), test=rows(3))


def test_dates_are_split_without_repeated_source():
    data = load_translations()
    parts = [pairs(part) for part in (data.train, data.validation, data.test)]
    assert [len(part) for part in parts] == [9000, 500, 1500]
    sources = [source for part in parts for source, _ in part]
    assert len(set(sources)) == len(sources)
    assert data.title == "dates 1.0.0 text-dates"
    assert data.settings == {"figure": "exact_match"}


def test_embedded_is_an_alias_of_dates():
    first, second = map(load_translations, ("embedded", "dates"))
    assert first.title == second.title
    assert pairs(first.test.take(9)) == pairs(second.test.take(9))


def test_files_with_options_of_a_data_set_raise(files):
    with pytest.raises(ValueError, match="`source`"):
        load_translations(
            source="de", train_files=files("a", 2), test_files=files("b", 2)
        )
    with pytest.raises(ValueError, match="`validation_files`"):
        load_translations(validation_files=files("a", 2))


def test_dates_in_other_languages_raise():
    with pytest.raises(ValueError, match=r"'dates'.*source='es'"):
        load_translations(source="es")


def test_languages_are_chosen_by_name(name):
    data = load_translations(name, source="en", target="de")
    assert ("text 1", "Satz 1") in pairs(data.test)
    assert (data.variant, data.version) == ("en-de", "1.2.3")


@pytest.mark.parametrize("asked", [{}, {"source": "de"}, {"target": "en"}])
def test_missing_language_follows_from_the_other(name, asked):
    data = load_translations(name, **asked)
    assert data.variant == "de-en"
    assert ("Satz 0", "text 0") in pairs(data.test)


def test_missing_split_is_held_out(name):
    data = load_translations(name)
    assert len(data.train) == 38
    assert not set(pairs(data.train)) & set(pairs(data.validation))


@pytest.mark.parametrize(
    "asked", [{"source": "fr"}, {"target": "id"}, {"source": "de", "target": "de"}]
)
def test_unknown_language_raises(name, asked):
    source, target = asked.get("source"), asked.get("target")
    wrong = rf"\['de', 'en'\].*source={source!r}.*target={target!r}"
    with pytest.raises(ValueError, match=wrong):
        load_translations(name, **asked)


def test_translation_feature_is_read(made):
    features = tfds.features.Translation(languages=("de", "en"))
    rows = [{"de": "Satz", "en": "text"}] * 40
    data = load_translations(made(features, train=rows), source="en")
    assert pairs(data.test.take(1)) == [("text", "Satz")]
    assert data.variant == "en-de"


def test_examples_without_one_of_the_languages_are_skipped(made):
    """Pairs are those examples that have both."""
    languages = tfds.features.TranslationVariableLanguages(languages=("de", "en", "fr"))
    texts = [{"de": "Satz", "en": "text"}, {"en": "text"}, {"fr": "phrase", "de": "-"}]
    splits = {
        name: [{"translations": text, "talk": "a"} for text in texts]
        for name in ("train", "validation", "test")
    }
    name = made({"translations": languages, "talk": TEXT}, **splits)
    data = load_translations(name, source="en", target="de")
    assert pairs(data.train) == pairs(data.test) == [("text", "Satz")]
    assert len(data.train) == 1
    with pytest.raises(ValueError, match=r"\['de', 'en', 'fr'\].*source='en'.*'es'"):
        load_translations(name, source="en", target="es")
    with pytest.raises(ValueError, match=r"source=None.*target=None"):
        load_translations(name)
    with pytest.raises(ValueError, match=r"source='en'.*target=None"):
        load_translations(name, source="en")


def test_languages_of_three_default_to_supervised_keys(made):
    """The target of another source must be named."""
    features = {"de": TEXT, "en": TEXT, "fr": TEXT}
    row = dict.fromkeys(features, "a")
    name = made(features, train=[row] * 40, supervised_keys=("en", "de"))
    for asked in ({}, {"source": "en"}, {"target": "de"}):
        data = load_translations(name, **asked)
        assert data.variant == "en-de"
    with pytest.raises(ValueError, match=r"source='fr'.*target=None"):
        load_translations(name, source="fr")


def test_data_set_of_one_language_raises(made):
    with pytest.raises(ValueError, match=r" en\.$"):
        load_translations(made({"en": TEXT}, train=[{"en": "a"}]))


def test_unknown_name_suggests_the_nearest():
    with pytest.raises(ValueError, match=r"'multi30'.*'multi30k'"):
        load_translations("multi30")


def load_files(train, test, validation=None):
    return load_translations(
        train_files=train, test_files=test, validation_files=validation
    )


@pytest.fixture
def files(tmp_path):
    """Makes two files of so many lines."""

    def make(name, count, others=None):
        source, target = tmp_path / f"{name}.en", tmp_path / f"{name}.de"
        source.write_text("".join(f"text {i}\n" for i in range(count)))
        more = count if others is None else others
        target.write_text("".join(f"Satz {i} \n" for i in range(more)))
        return source, target

    return make


def test_files_are_read_and_every_twentieth_pair_held_out(files):
    data = load_files(files("train", 40), files("test", 3))
    assert pairs(data.test) == [(f"text {i}", f"Satz {i}") for i in range(3)]
    assert pairs(data.validation) == [("text 0", "Satz 0"), ("text 20", "Satz 20")]
    assert len(data.train) == 38
    assert data.title == "files of the user train.en-train.de"
    assert data.test_split == "test.en"


def test_validation_files_are_read(files):
    data = load_files(files("a", 4), files("b", 3), files("c", 2))
    assert [len(part) for part in (data.train, data.validation, data.test)] == [4, 2, 3]


def test_files_of_unequal_length_raise(files):
    message = r"train\.en.* 4 .*train\.de.* 6 .*line 5 "
    with pytest.raises(ValueError, match=message):
        load_files(files("train", 4, 6), files("test", 3))


@pytest.mark.parametrize("counts", [(0, 0), (0, 2)])
def test_file_without_text_raises(files, counts):
    with pytest.raises(ValueError, match=r"test\.en: "):
        load_files(files("train", 4), files("test", *counts))


def test_one_file_can_be_both_sides(files):
    """A copy is a translation, too."""
    source, _ = files("train", 4)
    data = load_files((source, source), files("test", 2))
    assert ("text 1", "text 1") in pairs(data.train)


@pytest.mark.parametrize("wrong", ["a.en", ("a.en",), ("a.en", "a.de", "a.fr")])
def test_other_than_two_files_raise(files, wrong):
    with pytest.raises(ValueError, match=r"`test_files`.*a\.en"):
        load_files(files("train", 4), wrong)


def test_empty_line_is_an_empty_text(files):
    """At the end of a file, too."""
    source, target = files("test", 2)
    target.write_text("Satz 0\n\n")
    data = load_files(files("train", 4), (source, target))
    assert pairs(data.test) == [("text 0", "Satz 0"), ("text 1", "")]


def test_carriage_return_alone_ends_no_line(files):
    source, target = files("test", 2)
    source.write_bytes(b"text\r 0\r\ntext 1\r\n")
    data = load_files(files("train", 4), (source, target))
    assert pairs(data.test) == [("text\r 0", "Satz 0"), ("text 1", "Satz 1")]


def test_file_in_other_encoding_raises(files):
    source, target = files("test", 2)
    target.write_bytes("Sätze\n".encode("utf-16"))
    with pytest.raises(ValueError, match=r"test\.de.*UTF-8.*0xff"):
        load_files(files("train", 4), (source, target))
