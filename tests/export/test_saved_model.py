"""Version directories are whole or not there."""

import json
import os
import shutil
import time

import pytest
import tensorflow as tf
from harness.models import small

from rnnzoo.answers import PER_TOKEN_FILE
from rnnzoo.export import Signature, export_saved_model
from rnnzoo.versions import versions


@pytest.fixture
def model(reviews):
    return small("sentiment_bag_of_words", reviews)


def test_export_numbers_versions_from_one(model, tmp_path):
    paths = [model.export_saved_model(tmp_path / "model") for _ in range(2)]
    assert paths == [tmp_path / "model" / "1", tmp_path / "model" / "2"]
    assert {p.name for p in paths[0].iterdir()} >= {"saved_model.pb", "variables"}
    assert [p.name for p in (tmp_path / "model").iterdir() if p.name[0] == "."] == []


def test_export_takes_number_after_the_highest(model, tmp_path):
    (tmp_path / "7").mkdir()
    assert model.export_saved_model(tmp_path) == tmp_path / "8"


def test_export_killed_leaves_no_version(model, tmp_path, monkeypatch):
    def killed(model, signatures, path):
        os.makedirs(path)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("rnnzoo.export.saved_model._write", killed)
        # A killed process does not clean up.
        patch.setattr(shutil, "rmtree", lambda *args, **kwargs: None)
        with pytest.raises(KeyboardInterrupt):
            model.export_saved_model(tmp_path)
    (left_behind,) = tmp_path.iterdir()
    assert not versions(tmp_path)
    # It may belong to an export that is still running, so it stays at first.
    assert model.export_saved_model(tmp_path) == tmp_path / "1"
    assert left_behind.exists()
    two_hours_ago = time.time() - 7200
    os.utime(left_behind, (two_hours_ago, two_hours_ago))
    model.export_saved_model(tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"1", "2"}


def test_export_that_fails_leaves_nothing(model, tmp_path, monkeypatch):
    def disk_full(model, signatures, path):
        os.makedirs(path)
        raise OSError("No space left on device")

    monkeypatch.setattr("rnnzoo.export.saved_model._write", disk_full)
    with pytest.raises(OSError, match="No space left"):
        model.export_saved_model(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_export_skips_number_taken_meanwhile(model, tmp_path, monkeypatch):
    model.export_saved_model(tmp_path)
    monkeypatch.setattr("rnnzoo.export.saved_model.versions", lambda directory: [])
    assert model.export_saved_model(tmp_path) == tmp_path / "2"


def test_export_stores_names_of_per_token_outputs(model, sentences, tmp_path):
    """Of a tagger only: the outputs of a classifier have no value for each token."""
    tagger = small("tagging_gru", sentences)
    path = tagger.export_saved_model(tmp_path / "tagger") / PER_TOKEN_FILE
    names = ["tokens", "tags", "scores"]
    assert json.loads(path.read_text()) == {"serving_default": names, "tokens": names}
    path = model.export_saved_model(tmp_path / "classifier") / PER_TOKEN_FILE
    assert not path.exists()


def test_export_without_learning_raises(tmp_path):
    with pytest.raises(ValueError, match="adapt"):
        small("sentiment_gru").export_saved_model(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_export_has_signatures_warm_up_and_model_card(model, tmp_path):
    path = model.export_saved_model(tmp_path / "film", {"recipe": "mine"})
    loaded = tf.saved_model.load(str(path))
    assert set(loaded.signatures) == {
        *("serving_default", "tokens", "classify", "regress"),
    }
    assert (path / "assets.extra/tf_serving_warmup_requests").stat().st_size > 0
    assert "* recipe: mine" in (path / "model_card.md").read_text()


def test_export_of_half_precision_has_float32_outputs(reviews, tmp_path):
    """REST has no half precision."""
    model = small("sentiment_gru", reviews, dtype="mixed_bfloat16")
    loaded = tf.saved_model.load(str(model.export_saved_model(tmp_path)))
    for signature in loaded.signatures.values():
        dtypes = {spec.dtype for spec in signature.structured_outputs.values()}
        assert dtypes <= {tf.float32, tf.string}


def test_export_of_outputs_without_names_raises(model, tmp_path):
    spec = tf.TensorSpec([None], name="x")
    double = Signature(lambda x: 2 * x, [spec], [{"x": 1.0}, {"x": 2.0}])
    with pytest.raises(ValueError, match=r"'tokens'.*Tensor"):
        export_saved_model(model, {"tokens": double}, tmp_path)


def test_export_that_cannot_be_served_is_not_published(model, tmp_path):
    double = Signature(
        lambda x: {"y": tf.py_function(lambda x: 2 * x, [x], tf.float32)},
        [tf.TensorSpec([None], name="x")],
        [{"x": 1.0}, {"x": 2.0}],
    )
    with pytest.raises(ValueError, match="EagerPyFunc"):
        export_saved_model(model, {"serving_default": double}, tmp_path)
    assert list(tmp_path.iterdir()) == []
