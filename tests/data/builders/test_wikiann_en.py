"""WikiANN, of small files and the real ones."""

import pytest
import tensorflow_datasets as tfds

from rnnzoo.data.builders import WikiannEn


def test_sentences(raw, prepared):
    (raw / "wikiann_en").mkdir()
    for split in ("train", "dev", "test"):
        (raw / "wikiann_en" / split).write_text("en::\tO\nen:Rome\tB-LOC\n\n")
    (row,) = tfds.as_numpy(prepared(WikiannEn).as_dataset("validation"))
    assert row["tokens"].tolist() == [b":", b"Rome"]
    assert row["tags"].tolist() == [b"O", b"B-LOC"]


@pytest.mark.real_data
def test_real_data(counted):
    assert counted("wikiann_en") == (20_000, 10_000, 10_000)
