"""Tagged sentences, by name and from files."""

import numpy as np
import pytest
import tensorflow_datasets as tfds

from rnnzoo.tasks.tagging.data import load_tagged_texts
from rnnzoo.tasks.tagging.sentences import read_sentences

TEXT = tfds.features.Text()
WORDS = tfds.features.Sequence(TEXT)
KINDS = tfds.features.Sequence(tfds.features.ClassLabel(names=["NOUN", "VERB"]))
ROWS = [{"tokens": ["a", "go"], "upos": [0, 1], "more": [1, 1]}] * 40


def test_synthetic_names_are_different_sentences():
    data = load_tagged_texts()
    assert data.name == load_tagged_texts("names").name == "names"
    parts = [read_sentences(part) for part in (data.train, data.validation, data.test)]
    assert [len(part) for part in parts] == [3000, 500, 1500]
    texts = [" ".join(sentence.tokens) for part in parts for sentence in part]
    assert len(set(texts)) == len(texts)


def test_tags_are_chosen_by_name(made):
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
def test_split_and_omitted_words_are_left_out(made, relations, words):
    """They have no relation in Universal Dependencies; elsewhere "_" is a tag."""
    row = {"tokens": ["don't", "do", "n't", "go"], "tags": ["_", "AUX", "PART", "VERB"]}
    row |= relations
    name = made(dict.fromkeys(row, WORDS), train=[row] * 40)
    assert read_sentences(load_tagged_texts(name).test)[0].tokens == words


@pytest.mark.parametrize(
    "kind", [TEXT, tfds.features.ClassLabel(names=["stay", "move"])], ids=str
)
def test_intents_are_read_as_texts(made, kind):
    rows = [{"tokens": ["go"], "tags": ["O"], "intent": "move"}] * 40
    features = {"tokens": WORDS, "tags": WORDS, "intent": kind}
    data = load_tagged_texts(made(features, train=rows))
    assert read_sentences(data.test, intent=True)[0].intent == "move"


def test_numeric_tags_without_names_raise(made):
    numbers = tfds.features.Sequence(tfds.features.Scalar(np.int32))
    rows = [{"tokens": ["go"], "tags": [1]}] * 40
    with pytest.raises(ValueError, match=r"'tags'.*int32"):
        load_tagged_texts(made({"tokens": WORDS, "tags": numbers}, train=rows))


@pytest.mark.parametrize("tags", [None, "mood", "tokens_"])
def test_data_set_without_the_tags_raises(made, tags):
    name = made({"tokens": WORDS, "other": KINDS}, train=[{"tokens": [], "other": []}])
    with pytest.raises(ValueError, match=f"`tokens`.*`{tags or 'tags'}.*tokens, other"):
        load_tagged_texts(name, tags=tags)


def test_unknown_data_set_raises():
    with pytest.raises(ValueError, match=r"'atiss'.*'atis'"):
        load_tagged_texts("atiss")


def write(path, text):
    path.write_text(text)
    return path


def test_files_are_read_and_every_twentieth_sentence_is_held_out(tmp_path):
    lines = [f"w{i} N\nx V\n" for i in range(40)]
    train = write(tmp_path / "train", "\n".join(lines))
    test = write(tmp_path / "test", "a b N\n")
    data = load_tagged_texts(train_file=train, test_file=test)
    assert (data.name, data.test_split) == ("train", "test")
    learned, chosen = (read_sentences(part) for part in (data.train, data.validation))
    assert (len(learned), len(chosen)) == (38, 2)
    assert chosen[1].tokens == ["w20", "x"]
    assert read_sentences(data.test)[0].tags == ["N"]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [({"column": 1}, ("a", "b")), ({"token_column": 1, "column": 2}, ("b", "N"))],
)
def test_files_are_read_by_the_columns(tmp_path, columns, sentence):
    path = write(tmp_path / "all", "a b N\n")
    files = dict.fromkeys(("train_file", "validation_file", "test_file"), path)
    data = load_tagged_texts(**files, **columns)
    tokens, tags, _ = read_sentences(data.validation)[0]
    assert (*tokens, *tags) == sentence


@pytest.mark.parametrize(
    ("text", "message"), [("\n\n", "none: "), ("a N\n\nb\n", "none, line 3")]
)
def test_file_without_a_sentence_or_a_tag_raises(tmp_path, text, message):
    path = write(tmp_path / "none", text)
    with pytest.raises(ValueError, match=message):
        load_tagged_texts(train_file=path, test_file=path)


@pytest.mark.real_data
def test_english_web_treebank_has_the_known_size():
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


def test_choosing_tags_of_the_synthetic_data_raises():
    with pytest.raises(ValueError, match=r"tags.*'upos'"):
        load_tagged_texts("embedded", tags="upos")
