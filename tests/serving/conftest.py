"""A server for the tests of this folder."""

import pytest
from harness.tiny import write_tiny

from rnnzoo.serving import LocalServer


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Serves a model `tiny`, versions 1 (doubles) and 2 (trebles)."""
    directory = tmp_path_factory.mktemp("models")
    for version, factor in ((1, 2.0), (2, 3.0)):
        write_tiny(directory / "tiny" / str(version), factor)
    limits = ["--max-body", "100000", "--max-batch", "50"]
    with LocalServer(directory, *limits) as running:
        yield running
