"""The builders of ATIS, SNIPS and WikiANN: small files, and the real ones."""

import pytest
import tensorflow_datasets as tfds

from rnnzoo.datasets import load_tagged_texts
from rnnzoo.datasets.builders import Atis, Snips, WikiannEn
from rnnzoo.text import read_sentences

SLOTS = {
    "seq.in": "fly to rome \nlist fares\n",
    "seq.out": "O O B-city \nO O\n",
    "label": "flight \nfare\n",
}


def prepared(builder, directory):
    made = builder(data_dir=directory)
    made.download_and_prepare()
    return made


@pytest.fixture
def raw(tmp_path, monkeypatch):
    folder = tmp_path / "raw"
    monkeypatch.setenv("RNNZOO_RAW_DATA", str(folder))
    return folder


@pytest.mark.parametrize("builder", [Atis, Snips])
def test_slot_filling(builder, raw, tmp_path):
    for split in ("train", "valid", "test"):
        path = raw / "slu" / builder.folder / split
        path.mkdir(parents=True)
        for name, text in SLOTS.items():
            (path / name).write_text(text)
    made = prepared(builder, tmp_path)
    assert {name: s.num_examples for name, s in made.info.splits.items()} == {
        "train": 2, "validation": 2, "test": 2,
    }  # fmt: skip
    rows = {row["intent"]: row for row in tfds.as_numpy(made.as_dataset("test"))}
    assert rows[b"flight"]["tokens"].tolist() == [b"fly", b"to", b"rome"]
    assert rows[b"flight"]["tags"].tolist() == [b"O", b"O", b"B-city"]


def test_raw_files_need_no_network(raw, tmp_path, monkeypatch):
    for split in ("train", "valid", "test"):
        (raw / "slu" / "atis" / split).mkdir(parents=True)
        for name, text in SLOTS.items():
            (raw / "slu" / "atis" / split / name).write_text(text)
    made = Atis(data_dir=tmp_path)
    monkeypatch.setattr(tfds, "builder", lambda name: made)
    unreachable = "rnnzoo.datasets.tfds_builders._is_reachable"
    monkeypatch.setattr(unreachable, lambda host: False)
    (first, _) = read_sentences(load_tagged_texts("atis").test, intent=True)
    assert first.intent in ("flight", "fare")


def test_no_network_and_no_raw_files(tmp_path, monkeypatch):
    made = Atis(data_dir=tmp_path)
    monkeypatch.delenv("RNNZOO_RAW_DATA", raising=False)
    monkeypatch.setattr(tfds, "builder", lambda name: made)
    unreachable = "rnnzoo.datasets.tfds_builders._is_reachable"
    monkeypatch.setattr(unreachable, lambda host: False)
    with pytest.raises(ConnectionError, match="Set RNNZOO_RAW_DATA to its raw files"):
        load_tagged_texts("atis")


def test_wikiann(raw, tmp_path):
    (raw / "wikiann_en").mkdir(parents=True)
    for split in ("train", "dev", "test"):
        (raw / "wikiann_en" / split).write_text("en::\tO\nen:Rome\tB-LOC\n\n")
    (row,) = tfds.as_numpy(prepared(WikiannEn, tmp_path).as_dataset("validation"))
    assert row["tokens"].tolist() == [b":", b"Rome"]
    assert row["tags"].tolist() == [b"O", b"B-LOC"]


def test_a_folder_without_the_files(raw, tmp_path):
    raw.mkdir()
    with pytest.raises(FileNotFoundError, match=r"no folder 'slu/atis' in it"):
        prepared(Atis, tmp_path)


@pytest.mark.parametrize("builder", [Atis, Snips])
def test_every_file_has_a_checksum(builder, tmp_path):
    """tensorflow-datasets compares what it downloads with these."""
    urls = [
        url for url in builder(data_dir=tmp_path).url_infos if builder.folder in url
    ]
    assert len(urls) == 9


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("atis", (4478, 500, 893)),
        ("snips", (13084, 700, 700)),
        ("wikiann_en", (20_000, 10_000, 10_000)),
    ],
)
def test_real_data(name, counts):
    if not tfds.builder(name).is_prepared():
        pytest.skip(f"{name} is not prepared here")
    data = load_tagged_texts(name)
    parts = data.train, data.validation, data.test
    assert tuple(len(read_sentences(part)) for part in parts) == counts
