"""The configuration of TensorFlow Serving in `deploy/`."""

import re
import shlex

import pytest
import yaml
from google.protobuf import text_format
from harness.scripts import ROOT
from tensorflow_serving.config import model_server_config_pb2

from rnnzoo.recipes import list_recipes

FOLDER = ROOT / "deploy"


def test_models_of_the_configuration_are_recipes():
    config = text_format.Parse(
        (FOLDER / "models.config").read_text(),
        model_server_config_pb2.ModelServerConfig(),
    )
    models = config.model_config_list.config
    assert len(models) == 2
    for model in models:
        assert model.name in list_recipes()
        assert model.base_path == f"/models/{model.name}"
        assert model.version_labels["stable"] == 1
        # A label must not outlive its version.
        assert model.model_version_policy.HasField("all")


def test_the_server_is_started_with_files_that_are_there():
    service = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"][
        "serving"
    ]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    flags = dict(flag.removeprefix("--").split("=") for flag in service["command"])
    # Without it a server with labels does not start: nothing is loaded yet then.
    assert flags["allow_version_labels_for_unavailable_models"] == "true"
    files = [value for value in flags.values() if value.startswith("/config/")]
    assert len(files) == 3
    for file in files:
        assert (FOLDER / file.removeprefix("/config/")).exists()


@pytest.mark.parametrize("page", ["README.md", "deploy/README.md"])
def test_links_of_the_page_lead_somewhere(page):
    path = ROOT / page
    for link in re.findall(r"\]\((?!https?:|#)([^)]+)\)", path.read_text()):
        assert (path.parent / link.partition("#")[0]).exists(), link


def test_commands_of_the_page_are_those_of_the_package():
    from rnnzoo.__main__ import parser

    page = (FOLDER / "README.md").read_text()
    commands = re.findall(r"^python -m rnnzoo (.*?)(?:  .*)?$", page, re.MULTILINE)
    assert commands
    for command in commands:
        parser().parse_args(shlex.split(command))
