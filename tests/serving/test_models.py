"""Models of a folder, as they come and go."""

import shutil

import numpy as np
import pytest
from harness.tiny import write_tiny

from rnnzoo.serving import ServingError
from rnnzoo.serving.models import Models

X = {"x": np.array([3], "float32")}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("tiny") / "1")


@pytest.fixture
def folder(saved, tmp_path):
    shutil.copytree(saved, tmp_path / "models" / "tiny" / "1")
    return tmp_path / "models"


def scanned(folder):
    models = Models(folder)
    models.scan()
    return models


def test_every_version_of_every_model(folder, saved):
    shutil.copytree(saved, folder / "tiny" / "10")
    shutil.copytree(saved, folder / "other" / "2")
    (folder / "notes").mkdir()
    models = scanned(folder)
    assert models.names() == ["other", "tiny"]
    assert list(models.states("tiny")) == [10, 1]
    assert models.get("tiny").version == 10
    assert models.get("tiny", 1).run("serving_default", X)["y"].tolist() == [6]


def test_the_folder_of_one_model(folder):
    assert scanned(folder / "tiny").names() == ["tiny"]


def test_links_are_models_of_their_own(folder):
    (folder.parent / "linked").mkdir()
    for name in ("staging", "production"):
        (folder.parent / "linked" / name).symlink_to(folder / "tiny")
    assert scanned(folder.parent / "linked").names() == ["production", "staging"]


def test_a_folder_of_any_name_harms_nothing(folder):
    models = scanned(folder)
    (folder / "2024").mkdir()
    models.scan()
    assert models.names() == ["tiny"]


def test_a_folder_that_is_away_for_a_moment(folder):
    models = scanned(folder)
    folder.rename(folder.with_name("elsewhere"))
    models.scan()
    assert models.get("tiny").version == 1


def test_a_new_version_and_one_that_is_gone(folder, saved):
    models = scanned(folder)
    before = models.get("tiny")
    shutil.copytree(saved, folder / "tiny" / "2")
    models.scan()
    assert models.get("tiny").version == 2
    shutil.rmtree(folder / "tiny" / "1")
    models.scan()
    with pytest.raises(ServingError, match=r"request: Specific\(tiny, 1\)$") as raised:
        models.get("tiny", 1)
    assert raised.value.status == 404
    # What asks it meanwhile gets its answer.
    assert before.run("serving_default", X)["y"].tolist() == [6]


def test_what_does_not_load_is_told_and_the_others_are_served(folder):
    broken = folder / "tiny" / "2"
    broken.mkdir()
    (broken / "saved_model.pb").write_bytes(b"no protocol buffer")
    models = scanned(folder)
    assert models.get("tiny").version == 1
    state = models.states("tiny", 2)[2]
    assert state.state == "END"
    assert state.error


def test_what_was_not_whole_is_tried_again(folder, saved):
    """As when a version is copied to its place, file by file."""
    shutil.copytree(saved, folder / "tiny" / "2")
    variables = folder / "tiny" / "2" / "variables"
    variables.rename(folder / "elsewhere")
    (folder / "tiny" / "2" / "dangling").symlink_to("nowhere")
    models = scanned(folder)
    assert models.states("tiny")[2].state == "END"
    models.scan()
    assert models.states("tiny")[2].state == "END"
    (folder / "elsewhere").rename(variables)
    models.scan()
    assert models.states("tiny")[2].state == "AVAILABLE"
    assert models.get("tiny").version == 2


@pytest.mark.parametrize(
    ("version", "message"),
    [
        (None, "Could not find any versions of model none"),
        (3, "Could not find any versions of model none"),
    ],
)
def test_status_of_an_unknown_model(folder, version, message):
    with pytest.raises(ServingError, match=message):
        scanned(folder).states("none", version)


def test_unknown_names(folder):
    models = scanned(folder)
    with pytest.raises(ServingError, match="Could not find version 3 of model tiny"):
        models.states("tiny", 3)
    with pytest.raises(ServingError, match=r"not found for request: Latest\(none\)"):
        models.get("none")
    with pytest.raises(ServingError, match='"none" not found in signature def'):
        models.get("tiny").run("none", X)
    with pytest.raises(ServingError) as raised:
        models.get("tiny").run("regress", {"inputs": np.array([b"no example"])})
    assert raised.value.code == "INVALID_ARGUMENT"
