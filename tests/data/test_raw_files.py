"""Raw files that lie on this machine."""

import pytest
import tensorflow_datasets as tfds

from rnnzoo.data.builders import Atis
from rnnzoo.data.raw_files import has_raw_data, raw_folder
from rnnzoo.tasks.tagging.data import load_tagged_texts
from rnnzoo.tasks.tagging.sentences import read_sentences


@pytest.fixture
def unreachable(tmp_path, monkeypatch):
    """ATIS is not prepared, and there is no network."""
    made = Atis(data_dir=tmp_path)
    monkeypatch.setattr(tfds, "builder", lambda name: made)
    reachable = "rnnzoo.data.tfds._is_reachable"
    monkeypatch.setattr(reachable, lambda host: False)


def test_a_folder(raw):
    (raw / "set").mkdir()
    assert has_raw_data()
    assert raw_folder("set") == raw / "set"


def test_none_is_named(monkeypatch):
    monkeypatch.delenv("RNNZOO_RAW_DATA", raising=False)
    assert not has_raw_data()
    assert raw_folder("set") is None


def test_a_folder_without_the_files(raw):
    with pytest.raises(FileNotFoundError, match=r"RNNZOO_RAW_DATA.*'slu/atis'"):
        raw_folder("slu/atis")


def test_raw_files_need_no_network(raw_slots, unreachable):
    (first, _) = read_sentences(load_tagged_texts("atis").test, intent=True)
    assert first.intent in ("flight", "fare")


def test_no_network_and_no_raw_files(unreachable, monkeypatch):
    monkeypatch.delenv("RNNZOO_RAW_DATA", raising=False)
    with pytest.raises(ConnectionError, match=r"'atis'.*RNNZOO_RAW_DATA"):
        load_tagged_texts("atis")
