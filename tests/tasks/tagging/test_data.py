"""Data sets of tagged sentences, by name and from files."""

import numpy as np
import pytest
import tensorflow_datasets as tfds

from rnnzoo.tasks.tagging.data import load_tagged_files, load_tagged_texts
from rnnzoo.tasks.tagging.sentences import read_sentences

TEXT = tfds.features.Text()
WORDS = tfds.features.Sequence(TEXT)
KINDS = tfds.features.Sequence(tfds.features.ClassLabel(names=["NOUN", "VERB"]))
ROWS = [{"tokens": ["a", "go"], "upos": [0, 1], "more": [1, 1]}] * 40


def test_embedded():
    data = load_tagged_texts()
    parts = [read_sentences(part) for part in (data.train, data.validation, data.test)]
    assert [len(part) for part in parts] == [3000, 500, 1500]
    texts = [" ".join(sentence.tokens) for part in parts for sentence in part]
    assert len(set(texts)) == len(texts)


def test_names_of_tags(made):
    features = {"tokens": WORDS, "more": KINDS, "upos": KINDS}
    name = made(features, train=ROWS, test=ROWS[:3])
    data = load_tagged_texts(name)
    (sentence, *others) = read_sentences(data.test)
    assert sentence[:2] == (["a", "go"], ["NOUN", "VERB"])
    assert len(others) == 2
    assert len(read_sentences(data.train)) == 38
    other = load_tagged_texts(name, tags="more")
    assert read_sentences(other.test)[0].tags == ["VERB", "VERB"]


@pytest.mark.parametrize(
    ("relations", "words"),
    [
        ({}, ["don't", "do", "n't", "go"]),
        ({"deprel": ["_", "root", "advmod", "_"]}, ["do", "n't"]),
    ],
)
def test_what_is_parted_or_was_left_out_is_no_word(made, relations, words):
    """Universal Dependencies have no relation for them; elsewhere "_" is a tag."""
    row = {"tokens": ["don't", "do", "n't", "go"], "tags": ["_", "AUX", "PART", "VERB"]}
    row |= relations
    name = made(dict.fromkeys(row, WORDS), train=[row] * 40)
    assert read_sentences(load_tagged_texts(name).test)[0].tokens == words


@pytest.mark.parametrize(
    "kind", [TEXT, tfds.features.ClassLabel(names=["stay", "move"])], ids=str
)
def test_intents(made, kind):
    rows = [{"tokens": ["go"], "tags": ["O"], "intent": "move"}] * 40
    features = {"tokens": WORDS, "tags": WORDS, "intent": kind}
    data = load_tagged_texts(made(features, train=rows))
    assert read_sentences(data.test, intent=True)[0].intent == "move"


def test_numbers_without_names(made):
    numbers = tfds.features.Sequence(tfds.features.Scalar(np.int32))
    rows = [{"tokens": ["go"], "tags": [1]}] * 40
    with pytest.raises(ValueError, match=r"'tags' .* must be texts or classes with"):
        load_tagged_texts(made({"tokens": WORDS, "tags": numbers}, train=rows))


@pytest.mark.parametrize("tags", [None, "mood", "tokens_"])
def test_what_is_needed_and_not_there(made, tags):
    name = made({"tokens": WORDS, "other": KINDS}, train=[{"tokens": [], "other": []}])
    with pytest.raises(ValueError, match=r"`tokens`\) and a tag for each.*other"):
        load_tagged_texts(name, tags)


def test_unknown_name():
    with pytest.raises(ValueError, match="no data set 'atiss'"):
        load_tagged_texts("atiss")


def test_files(tmp_path):
    lines = [f"w{i} N\nx V\n" for i in range(40)]
    (tmp_path / "train").write_text("\n".join(lines))
    (tmp_path / "test").write_text("a b N\n")
    data = load_tagged_files(tmp_path / "train", tmp_path / "test")
    learned, chosen = (read_sentences(part) for part in (data.train, data.validation))
    assert (len(learned), len(chosen)) == (38, 2)
    assert chosen[1].tokens == ["w20", "x"]
    assert read_sentences(data.test)[0].tags == ["N"]
    data = load_tagged_files(*[tmp_path / "test"] * 3, tag_column=1)
    assert read_sentences(data.validation)[0].tags == ["b"]


def test_a_file_without_a_sentence(tmp_path):
    (tmp_path / "none").write_text("\n\n")
    with pytest.raises(ValueError, match="none: there is no sentence in the file"):
        load_tagged_files(tmp_path / "none", tmp_path / "none")


@pytest.mark.real_data
def test_english_web_treebank():
    name = "universal_dependencies/en_ewt"
    if not tfds.builder(name).is_prepared():
        pytest.skip(f"{name} is not prepared here")
    data = load_tagged_texts(name)
    sentences = read_sentences(data.test)
    assert len(sentences) == 2077
    assert sum(len(sentence.tokens) for sentence in sentences) == 25_094
    tags = {tag for sentence in sentences for tag in sentence.tags}
    assert {"NOUN", "PROPN"} <= tags
    assert np.all([len(tag) <= 5 for tag in tags])


def test_the_embedded_data_have_one_kind_of_tags():
    with pytest.raises(ValueError, match=r"`tags` chooses .* got 'upos'"):
        load_tagged_texts("embedded", tags="upos")
