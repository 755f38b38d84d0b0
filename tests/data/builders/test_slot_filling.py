"""ATIS and SNIPS, of small files and the real ones."""

import pytest
import tensorflow_datasets as tfds

from rnnzoo.data.builders import Atis, Snips

both = pytest.mark.parametrize("builder", [Atis, Snips])


@both
def test_requests(builder, raw_slots, prepared):
    made = prepared(builder)
    assert {name: s.num_examples for name, s in made.info.splits.items()} == {
        "train": 2, "validation": 2, "test": 2,
    }  # fmt: skip
    rows = {row["intent"]: row for row in tfds.as_numpy(made.as_dataset("test"))}
    assert rows[b"flight"]["tokens"].tolist() == [b"fly", b"to", b"rome"]
    assert rows[b"flight"]["tags"].tolist() == [b"O", b"O", b"B-city"]


def test_files_of_unequal_length(raw_slots, prepared):
    with (raw_slots / "slu" / "atis" / "train" / "label").open("a") as file:
        file.write("one more\n")
    with pytest.raises(ValueError, match=r"train: .*'label': 3\}"):
        prepared(Atis)


def test_a_slot_is_missing(raw_slots, prepared):
    (raw_slots / "slu" / "atis" / "test" / "seq.out").write_text("O O B-city\nO\n")
    with pytest.raises(ValueError, match=r"seq\.in, line 2"):
        prepared(Atis)


@both
def test_every_file_has_a_checksum(builder, tmp_path):
    """tensorflow-datasets compares what it downloads with these."""
    urls = [
        url for url in builder(data_dir=tmp_path).url_infos if builder.folder in url
    ]
    assert len(urls) == 9


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "counts"), [("atis", (4478, 500, 893)), ("snips", (13084, 700, 700))]
)
def test_real_data(name, counts, counted):
    assert counted(name) == counts
